"""Judging one message in a process of its own: plain values in, bytes out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass

import msgspec

from exward.engines.worker import Progress
from exward.mail.mime.message import Message
from exward.mail.settings import MailSettings
from exward.mail.stores import registry
from exward.mail.stores.interface import Stored
from exward.mail.verdict import judge
from exward.model.message import MessageVerdict
from exward.model.skipped import Skipped
from exward.scan.mail_advisers import Advisers, MailOptions


@dataclass(frozen=True, slots=True)
class Setup:
    """What each process is started with."""

    settings: MailSettings
    options: MailOptions


@dataclass(frozen=True, slots=True)
class Task:
    """A message; `number` is its place among all that was found."""

    number: int
    stored: Stored


class Told(msgspec.Struct):
    """What one message gave; most files hold one message."""

    verdicts: list[MessageVerdict] = []
    skipped: list[Skipped] = []


class _Open:
    """The advisers of this process: opened for its first message, asked about each."""

    def __init__(self) -> None:
        self._setup: Setup | None = None
        self._advisers: Advisers | None = None
        self._stack = ExitStack()

    def of(self, setup: Setup) -> Advisers:
        if self._advisers is None or self._setup is not setup:
            self.close()
            opened = self._stack.enter_context(Advisers(setup.settings, setup.options))
            self._setup, self._advisers = setup, opened
        return self._advisers

    def close(self) -> None:
        self._stack.close()
        self._setup = self._advisers = None


_OPEN = _Open()


def work(setup: Setup, task: Task, progress: Progress) -> bytes:
    """Judge a message."""
    del progress
    told = Told(verdicts=[], skipped=[])
    for found in _each(task.stored, setup.settings, _OPEN.of(setup)):
        if isinstance(found, Skipped):
            told.skipped.append(found)
        else:
            told.verdicts.append(found)
    # Half letters are no characters, and other writers of JSON refuse them.
    return json.dumps({"verdicts": [asdict(one) for one in told.verdicts],
                       "skipped": [asdict(one) for one in told.skipped]}).encode()  # fmt: skip


def close() -> None:
    """Close what was opened to judge in this process."""
    _OPEN.close()


def read(data: bytes) -> Told:
    """What `work` gave."""
    return msgspec.convert(json.loads(data), Told, strict=False)


def _each(
    stored: Stored, settings: MailSettings, advisers: Advisers
) -> Iterator[MessageVerdict | Skipped]:
    for found in registry.parsed(stored):
        if isinstance(found, Skipped):
            yield found
        else:
            yield from _judged(found, stored.path, settings, advisers)


def _judged(
    message: Message, path: str, settings: MailSettings, advisers: Advisers
) -> Iterator[MessageVerdict | Skipped]:
    known = advisers.ask(message)
    if known.scan is not None and known.scan.failed:
        yield Skipped(path, None, f"judged without ClamAV: {known.scan.failed}")
    verdict = judge(message, path, settings, known)
    advisers.learn(message, verdict, known)
    yield verdict
