"""The audit trail: one JSON object a line, each with a digest over itself and the one before.

It is only ever appended to, and forced to the disk before anything it says is done. What was
decided about a message stands here and nowhere else for good: the index is made from it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

import msgspec

from exward.mail.quarantine.files import BINARY
from exward.model.quarantine import Deed

FILE = "audit.jsonl"
MAX_LINE_BYTES = 16 * 1024 * 1024
_ALWAYS = {"when", "who", "what"}
START = "0" * 64
"""What stands for the line before the first."""


class _Line(msgspec.Struct):
    """The layout of a line."""

    hash: str
    previous: str
    deed: msgspec.Raw


@dataclass(frozen=True, slots=True)
class Entry:
    """A line that was read: None where it is damaged. `end` is the offset behind it."""

    deed: Deed | None
    digest: str
    previous: str
    end: int


def append(path: Path, deed: Deed, previous: str) -> tuple[str, int]:
    """Add a line and return its digest and the file's new size; raises OSError."""
    body = json.dumps(_told(deed), ensure_ascii=True, separators=(",", ":")).encode()
    digest = _digest(previous, body)
    line = b'{"hash":"%s","previous":"%s","deed":%s}\n' % (
        digest.encode(), previous.encode(), body
    )  # fmt: skip
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | BINARY, 0o600)
    try:
        size = os.fstat(handle).st_size
        if size and _last_byte(path) != b"\n":
            line = b"#\n" + line  # a process died while writing: what it wrote never counts
        while line:
            line = line[os.write(handle, line) :]
        os.fsync(handle)
        return digest, os.fstat(handle).st_size
    finally:
        os.close(handle)


def read(path: Path, offset: int = 0) -> Iterator[Entry]:
    """Yield the lines from an offset on; not a last one without its end; raises OSError."""
    if not path.is_file():
        return
    with path.open("rb") as file:
        file.seek(offset)
        while line := file.readline(MAX_LINE_BYTES):
            if not line.endswith(b"\n") and len(line) < MAX_LINE_BYTES:
                return  # it is being written, or its writer died
            yield _entry(line, file.tell())


def breaks(entries: Iterator[Entry]) -> Iterator[int]:
    """Yield the number, from 1, of each line that is damaged or does not follow the one before."""
    last = START
    for number, entry in enumerate(entries, start=1):
        if entry.deed is None or entry.previous != last:
            yield number
        if entry.deed is not None:
            last = entry.digest


def _entry(line: bytes, end: int) -> Entry:
    try:
        read_line = msgspec.json.decode(line, type=_Line)
        body = bytes(read_line.deed)
        if _digest(read_line.previous, body) != read_line.hash:
            return Entry(None, "", "", end)
        return Entry(msgspec.json.decode(body, type=Deed), read_line.hash, read_line.previous, end)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Entry(None, "", "", end)


def _told(deed: Deed) -> dict[str, object]:
    return {name: value for name, value in asdict(deed).items() if value or name in _ALWAYS}


def _digest(previous: str, body: bytes) -> str:
    return sha256(previous.encode() + body).hexdigest()


def _last_byte(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1)
