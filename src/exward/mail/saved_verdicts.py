"""Verdicts that `exward mail` has written: one JSON object a line (docs/mail.md)."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from exward.model.errors import EvidenceError
from exward.model.message import MessageVerdict
from exward.model.skipped import Skipped
from exward.model.source import Source

LINE_BYTES = 1024 * 1024
_HEAD_BYTES = 4096


class _Line(msgspec.Struct):
    """What every line that we write begins with."""

    type: str
    schema: int
    verdict: str = ""
    score: float | None = None


_KINDS = msgspec.json.Decoder(_Line)
_VERDICTS = msgspec.json.Decoder(MessageVerdict, strict=False)


def recognises(head: bytes) -> bool:
    """Say whether a file begins with a line about a message."""
    first = head.partition(b"\n")[0]
    if not first.startswith(b'{"type":') or b'"message"' not in first[:_HEAD_BYTES]:
        return False
    try:
        line = msgspec.json.decode(first, type=_Line)
    except (msgspec.MsgspecError, RecursionError):
        return False
    return line.type == "message" and bool(line.verdict) and line.score is not None


def read(source: Source) -> Iterator[tuple[int, MessageVerdict] | Skipped]:
    """Yield each verdict with its line's number from 1; other kinds of line are passed over."""
    number = 0
    try:
        with source.open() as stream:
            while line := stream.readline(LINE_BYTES):
                number += 1
                told = _verdict(line)
                if isinstance(told, MessageVerdict):
                    yield number, told
                elif told:
                    yield Skipped(source.path, number, told, 1)
    except (OSError, EvidenceError) as error:
        yield Skipped(source.path, None, f"cannot be read after line {number}: {error}")


def _verdict(line: bytes) -> MessageVerdict | str:
    """What a line says of a message; else why it cannot be read, "" if it is about no message."""
    if not line.strip():
        return ""
    try:
        if _KINDS.decode(line).type != "message":
            return ""
        return _VERDICTS.decode(line)
    except (msgspec.MsgspecError, RecursionError):
        return "is no verdict on a message"
