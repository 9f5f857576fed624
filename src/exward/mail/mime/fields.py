"""The header block: fields as RFC 5322 has them, and as careless or hostile senders write them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.mail.mime.message import Field

MAX_HEADER_BYTES = 2 * 1024 * 1024
MAX_FIELDS = 5000
_LINE = re.compile(rb"([^\r\n]*)(\r*\n|\r|\Z)")
_NAME = re.compile(rb"[\x00-\x20]*([!-9;-~][!-9;-~\x00-\x20]{0,200}?)([\x00-\x20]*):")
_CODED = re.compile(rb"content-|from$|subject$|mime-", re.IGNORECASE)


class Block:
    """What was read of a header block; `end` is where the body starts."""

    __slots__ = ("codes", "end", "fields")

    def __init__(self) -> None:
        """Start empty."""
        self.fields: list[Field] = []
        self.codes: set[str] = set()
        self.end = 0


def parse_fields(data: bytes | memoryview, start: int = 0, stop: int | None = None) -> Block:
    """Read the fields at `start`; ends at an empty line, or where no field can be read."""
    block = Block()
    stop = len(data) if stop is None else stop
    limit = min(stop, start + MAX_HEADER_BYTES)
    lines: list[bytes] = []
    block.end = start
    for line, end, after in _lines(data, start, limit, stop):
        block.end = after
        if end == b"\r" and after < stop:
            block.codes.add("bare-cr")
        if not line:
            break
        if line[:1] in b" \t" and lines:
            lines.append(line)
        elif _NAME.match(line):
            _keep(block, lines)
            lines = [line]
        elif not _is_field_next(data, after, limit):
            block.end = after - len(line) - len(end)
            block.codes.add("header-broken")
            break
        elif not line.startswith((b"From ", b">From ")) and line.strip():
            block.codes.add("header-broken")
        if len(block.fields) >= MAX_FIELDS:
            break
    _keep(block, lines)
    return block


def without_multipart(block: Block) -> Block | None:
    """The headers as a program reads them that takes the other one of two Content-Types.

    None unless one of them is a multipart and one is none.
    """
    types = [one for one in block.fields if one.name == "content-type"]
    single = [one for one in types if not one.text.lower().startswith("multipart/")]
    if not single or len(single) == len(types):
        return None
    other = Block()
    other.fields = [one for one in block.fields if one.name != "content-type"] + single
    return other


def _lines(
    data: bytes | memoryview, start: int, limit: int, stop: int
) -> Iterator[tuple[bytes, bytes, int]]:
    while start < limit:
        match = _LINE.match(data, start, stop)
        if match is None:
            return
        start = match.end()
        yield match[1], match[2], start


def _is_field_next(data: bytes | memoryview, at: int, limit: int) -> bool:
    return at < limit and _NAME.match(data, at, min(limit, at + 300)) is not None


def _keep(block: Block, lines: list[bytes]) -> None:
    if not lines:
        return
    match = _NAME.match(lines[0])
    if match is None:
        return
    whole = lines[0][match.end() :] + b"".join(lines[1:])
    name = re.sub(rb"[\x00-\x20]", b"", match[1])
    if _CODED.match(name):
        if match[2] or match.start(1) or name != match[1]:
            block.codes.add("header-name-odd")
        if b"\0" in whole:
            block.codes.add("nul-bytes")
    text = name.decode("ascii", "replace").lower()
    block.fields.append(Field(text, whole))
