"""Verdicts that were written are read again as they were; what is none is counted."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.mail import saved_verdicts
from exward.mail.mime.parser import parse
from exward.mail.settings import MailSettings
from exward.mail.verdict import judge
from exward.model.errors import EvidenceError
from exward.model.message import MailResult, MessageVerdict
from exward.model.skipped import Skipped
from exward.reports.messages import jsonl
from tests.mail.letters import attached, letter


@dataclass
class Text:
    """A source of these bytes."""

    data: bytes
    path: str = "verdicts.jsonl"
    size_bytes: int | None = None
    seekable: bool = False
    head: bytes = b""
    modified: int | None = None

    def open(self) -> BinaryIO:
        """A fresh stream."""
        return io.BytesIO(self.data)


class Torn(Text):
    """A source that breaks."""

    def open(self) -> BinaryIO:
        """Raises."""
        raise EvidenceError("is torn")


def written() -> tuple[bytes, tuple[MessageVerdict, ...]]:
    raw = (
        letter(Received="from a by b; Mon, 05 Jan 2026 11:00:00 +0000"),
        attached(b"MZ", "a.exe"),
    )
    told = tuple(judge(parse(one), f"{n}.eml", MailSettings()) for n, one in enumerate(raw))
    lost = (Skipped("x.eml", None, "cannot be read"),)
    return "".join(jsonl.render(MailResult("1", told, lost, 0))).encode(), told


def test_what_was_written_is_read_as_it_was() -> None:
    data, told = written()
    assert saved_verdicts.recognises(data)
    assert list(saved_verdicts.read(Text(data))) == list(enumerate(told, 1))


def test_verdicts_of_an_earlier_version_have_no_identifier() -> None:
    line = (
        b'{"type": "message", "schema": 1, "path": "a.eml", "verdict": "tag", "score": 5, '
        b'"classes": ["bec"], "sender": "x", "subject": "y", "reasons": []}\n'
    )
    assert saved_verdicts.recognises(line)
    ((number, told),) = [
        one for one in saved_verdicts.read(Text(line)) if not isinstance(one, Skipped)
    ]
    assert (number, told.message_id, told.recipients, told.time) == (1, "", (), None)


def test_a_line_that_is_none_is_a_loss_and_the_rest_is_read() -> None:
    data, told = written()
    first, second = list(saved_verdicts.read(Text(b'{"type": "message"}\n\n' + data)))[:2]
    assert first == Skipped("verdicts.jsonl", 1, "is no verdict on a message", 1)
    assert second == (3, told[0])
    (lost,) = saved_verdicts.read(Torn(b""))
    assert isinstance(lost, Skipped)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"{",
        b'{"type":"finding","schema":1,"verdict":"x","score":1}',
        b'{"type":"message","schema":1}',
        b'{"type":"message","schema":1,"verdict":"x"',
        b"[" * 10_000,
    ],
)
def test_other_files_are_not_taken(head: bytes) -> None:
    assert not saved_verdicts.recognises(head)


@given(st.lists(st.binary(max_size=60)))
def test_every_line_is_a_verdict_a_loss_or_about_something_else(lines: list[bytes]) -> None:
    data = b"\n".join(line.replace(b"\n", b"") for line in lines)
    for one in saved_verdicts.read(Text(data)):
        assert isinstance(one, Skipped)
        assert one.count == 1
