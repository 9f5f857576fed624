"""What stands in signed data that is not readable as it is: S/MIME's `smime.p7m`.

RFC 5652: ContentInfo holds SignedData, that an EncapsulatedContentInfo, that an OCTET STRING, whole
or in pieces, in BER with or without lengths (ITU-T X.690, 8.1). The signature is nobody's matter
here: mail programs show what is signed also where it is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

_SIGNED = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
_DATA = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
_OCTETS, _PIECES, _EXPLICIT, _INDEFINITE = 0x04, 0x24, 0xA0, 0x80
HEAD_BYTES = 64
MAX_PIECES = 200_000
MAX_NESTING = 8


class _Value(NamedTuple):
    """A value's tag, and where its content begins and ends; None: where its end mark stands."""

    tag: int
    start: int
    end: int | None


def signed_content(data: bytes) -> bytes:
    """What was signed; empty if this is no signed data, or the signature stands alone."""
    if data[:1] != b"\x30" or _SIGNED not in data[:HEAD_BYTES]:
        return b""
    at = data.find(_DATA, 0, 1024 * 1024)
    holder = _value(data, at + len(_DATA)) if at >= 0 else None
    if holder is None or holder.tag != _EXPLICIT:
        return b""
    return b"".join(_octets(data, holder.start, 0))


def _octets(data: bytes, at: int, depth: int) -> Iterator[bytes]:
    """The text at a place, in its pieces."""
    value = _value(data, at)
    if value is None or depth > MAX_NESTING:
        return
    if value.tag == _OCTETS and value.end is not None:
        yield data[value.start : value.end]
    elif value.tag == _PIECES:
        at, end = value.start, len(data) if value.end is None else value.end
        for _ in range(MAX_PIECES):
            piece = _value(data, at)
            if at >= end or piece is None or piece.tag != _OCTETS or piece.end is None:
                return
            yield data[piece.start : piece.end]
            at = piece.end


def _value(data: bytes, at: int) -> _Value | None:
    """The value at a place; None if none begins there. One that is cut ends with the data."""
    if at + 2 > len(data):
        return None
    tag, size = data[at], data[at + 1]
    if size == _INDEFINITE:
        return _Value(tag, at + 2, None)
    if size < 128:
        return _Value(tag, at + 2, min(at + 2 + size, len(data)))
    start = at + 2 + (size & 127)
    if size & 127 > 8:
        return None
    length = int.from_bytes(data[at + 2 : start], "big")
    return _Value(tag, start, min(start + length, len(data)))
