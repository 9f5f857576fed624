"""Text files of any Unicode encoding as blocks of UTF-8.

PowerShell writes UTF-16 with `>`; many Windows tools put a byte order mark before UTF-8.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

BLOCK_BYTES = 1 << 20
_SAMPLE_BYTES = 256


def encoding_of(head: bytes) -> str:
    """`utf-16-le`, `utf-16-be`, or `utf-8` for all that is not clearly one of these."""
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    sample = head[:_SAMPLE_BYTES]
    even, odd = sample[::2], sample[1::2]
    if len(sample) < 4 or 0 not in sample:
        return "utf-8"
    if odd.count(0) * 2 > len(odd) and 0 not in even:
        return "utf-16-le"
    if even.count(0) * 2 > len(even) and 0 not in odd:
        return "utf-16-be"
    return "utf-8"


def utf8_head(head: bytes) -> bytes:
    """The beginning of a file as UTF-8 without byte order mark; a cut character is dropped."""
    encoding = encoding_of(head)
    if encoding != "utf-8":
        text = codecs.getincrementaldecoder(encoding)("replace").decode(head)
        head = text.encode("utf-8", "replace")
    return head.removeprefix(codecs.BOM_UTF8)


_MARKS = re.compile(b"^(?:" + codecs.BOM_UTF8 + b")+", re.MULTILINE)


def without_marks(data: bytes) -> bytes:
    """The text without the byte order marks that begin lines of it."""
    return _MARKS.sub(b"", data)


def utf8_blocks(stream: BinaryIO, head: bytes) -> Iterator[bytes]:
    """Yield a stream that begins with `head` as UTF-8, about 1 MiB at a time, without mark.

    Where lines end with a lone carriage return, as some tools write them, it becomes a line feed.
    """
    if b"\r" in head and b"\n" not in head:
        yield from (block.replace(b"\r", b"\n") for block in _utf8_blocks(stream, head))
    else:
        yield from _utf8_blocks(stream, head)


def _utf8_blocks(stream: BinaryIO, head: bytes) -> Iterator[bytes]:
    encoding = encoding_of(head)
    decoder = None if encoding == "utf-8" else codecs.getincrementaldecoder(encoding)("replace")
    first = True
    while data := stream.read(BLOCK_BYTES):
        block = data if decoder is None else decoder.decode(data).encode("utf-8", "replace")
        yield block.removeprefix(codecs.BOM_UTF8) if first else block
        first = False
    if decoder is not None:
        yield decoder.decode(b"", True).encode("utf-8", "replace")
