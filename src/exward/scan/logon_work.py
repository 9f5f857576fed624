"""The work of one worker of the behaviour stage: the sign-ins in a share of an evidence file.

Everything it takes and gives is plain values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec
import numpy as np

from exward.accounts.kinds import may_be_service
from exward.accounts.logon import Logon
from exward.accounts.reading import WEB_LOGS, logons, web_logon
from exward.evidence.blob import HEAD_BYTES
from exward.formats import registry
from exward.model.errors import EvidenceError
from exward.model.records import LineBatch, TextBatch
from exward.model.skipped import Skipped
from exward.rules import multi_pattern
from exward.rules.multi_pattern import Scanner
from exward.scan.tasks import Reporter, Task

MAX_LOGONS = 300_000
"""Sign-ins that one share of a file may give: 200 MB until their texts are shared."""
SAMPLE = 64
"""One line of so many is looked at for names: what signs in every hour shows up within weeks."""
MINUTE_US = 60_000_000
_LINE_FEED = 10


@dataclass(frozen=True, slots=True)
class LogonSetup:
    """What to look for. Of web logs only requests of the accounts named are decoded.

    Without names, web logs are asked for names: each line of so many is looked at.
    """

    accounts: tuple[str, ...] = ()


class Logons(msgspec.Struct):
    """What one task gives."""

    found: list[Logon]
    left_out: int = 0
    names: set[str] = set()
    """Accounts in the lines looked at whose names are those of services."""


def work(setup: LogonSetup, task: Task, reporter: Reporter) -> bytes:
    """Do one task; the result is an encoded `Logons`. What cannot be read was told before."""
    given = Logons([], names=set())
    source = task.source
    try:
        with source.open() as stream:
            source.head = stream.read(HEAD_BYTES)
        for batch in registry.by_name(task.format).read(source, task.part):
            if isinstance(batch, Skipped):
                continue
            if isinstance(batch, LineBatch) and not setup.accounts:
                given.names |= set(_names(batch))
            for one in once_a_minute(_of_batch(batch, setup)):
                if len(given.found) < MAX_LOGONS:
                    given.found.append(one)
                else:
                    given.left_out += 1
            reporter.advanced(batch.size_bytes, len(batch))
            if reporter.cancelled():
                break
    except (OSError, EvidenceError):
        pass  # the rules' reading reports it
    return msgspec.msgpack.encode(given)


def _of_batch(batch: TextBatch | LineBatch, setup: LogonSetup) -> Iterator[Logon]:
    if isinstance(batch, TextBatch):
        yield from (one for one in logons(batch) if isinstance(one, Logon))
    elif batch.type.log in WEB_LOGS and setup.accounts:
        wanted = frozenset(setup.accounts)
        for index in _lines_with(batch, _scanner(setup.accounts)):
            one = web_logon(batch, index)
            if one is not None and one.account in wanted:
                yield one


def _names(batch: LineBatch) -> Iterator[str]:
    if batch.type.log in WEB_LOGS:
        for index in range(0, len(batch), SAMPLE):
            one = web_logon(batch, index)
            if one is not None and may_be_service(one.account, ""):
                yield one.account


_SCANNERS: dict[tuple[str, ...], Scanner] = {}


def _scanner(accounts: tuple[str, ...]) -> Scanner:
    """Finds the names of the accounts in a block of lines; made once."""
    if accounts not in _SCANNERS:
        _SCANNERS.clear()
        literals = [multi_pattern.literal(name.encode()) for name in accounts]
        _SCANNERS[accounts] = multi_pattern.scanner(literals)
    return _SCANNERS[accounts]


def _lines_with(batch: LineBatch, scanner: Scanner) -> list[int]:
    """The lines in which one of the names stands, in order."""
    text = batch.haystack()
    found = scanner.find_all(text)
    if not found:
        return []
    ends = np.flatnonzero(np.frombuffer(text, dtype=np.uint8) == _LINE_FEED)
    lines = np.searchsorted(ends, np.array([end - 1 for _, end in found]))
    return [int(line) for line in np.unique(lines) if line < len(batch)]


def once_a_minute(found: Iterable[Logon]) -> Iterator[Logon]:
    """Of like sign-ins within one minute the first: what a service does is told by that, too."""
    latest: dict[tuple[str, ...], int] = {}
    for one in found:
        key = (
            *(one.account, one.source_host, one.address, one.target, one.type, one.package),
            *(one.process, one.client, "" if one.succeeded else "failed"),
        )
        minute = one.time // MINUTE_US
        if latest.get(key) != minute:
            latest[key] = minute
            yield one
