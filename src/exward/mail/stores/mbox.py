"""An mbox file: messages one behind another, each after a line `From ADDRESS DATE` (RFC 4155)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from exward.mail.mime import parser
from exward.mail.mime.message import Message
from exward.mail.stores.interface import MAX_MESSAGE_BYTES, Stored
from exward.model.errors import EvidenceError
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "mbox"
TITLE = "mbox files"
_FROM = re.compile(rb"From [^\r\n]{1,300}\d\d:\d\d[^\r\n]{0,100}\r?\n")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
LINE_BYTES = 1024 * 1024


def recognises(path: str, head: bytes) -> bool:
    """By its first line."""
    del path
    return _FROM.match(head) is not None


def read(source: Source) -> Iterator[Stored | Skipped]:
    """Yield every message; where there are several, each has its number."""
    number = 0
    try:
        with source.open() as file:
            pieces = _split(file)
            following = next(pieces, None)
            while following is not None:
                (data, lost), following = following, next(pieces, None)
                number += 1
                alone = number == 1 and following is None
                path = source.path if alone else f"{source.path}#{number}"
                if lost:
                    yield Skipped(path, MAX_MESSAGE_BYTES, f"{lost:,} bytes are too many for it")
                yield Stored(path, NAME, data)
    except (OSError, EvidenceError) as error:
        yield Skipped(source.path, None, f"cannot be read after message {number}: {error}")


def parse(path: str, data: bytes) -> Iterator[Message | Skipped]:
    """Yield the message."""
    del path
    yield parser.parse(data)


def _split(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Each message with how many bytes of it were left out."""
    held: list[bytes] = []
    size, lost, is_after_blank, started = 0, 0, True, False
    while line := file.readline(LINE_BYTES):
        if is_after_blank and _FROM.match(line):
            if started:
                yield _QUOTED.sub(rb"\1", b"".join(held)), lost
            held, size, lost, started = [], 0, 0, True
        elif size + len(line) <= MAX_MESSAGE_BYTES:
            held.append(line)
            size += len(line)
        else:
            lost += len(line)
        is_after_blank = not line.strip()
    if started:
        yield _QUOTED.sub(rb"\1", b"".join(held)), lost
