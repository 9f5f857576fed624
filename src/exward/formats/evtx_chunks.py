"""The frame of an EVTX file: a 4 KiB file header, then chunks of 64 KiB that stand on their own.

Layout: libyal/libevtx documentation, "Windows XML Event Log (EVTX)". Numbers are little-endian.
Chunks are found by their magic, so that a lost or zeroed file header, a torn tail, gaps and shifted
data cost no chunk.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

FILE_MAGIC = b"ElfFile\0"
CHUNK_MAGIC = b"ElfChnk\0"
FILE_HEADER_BYTES = 4096
CHUNK_BYTES = 65_536
CHUNK_HEADER_BYTES = 512
RECORD_MAGIC = b"**\0\0"
RECORD_HEADER_BYTES = 24
MIN_RECORD_BYTES = RECORD_HEADER_BYTES + 4
"""A record begins with magic, size, id and time, and ends with a copy of its size."""

RECORD = struct.Struct("<4sIQQ")
SIZE = struct.Struct("<I")
HEADER = struct.Struct("<8sQQQQIII")
_HEADER_SIZE_FIELD = 128
_NEVER_USED = 2**64 - 1
_MAX_RECORDS = CHUNK_BYTES // MIN_RECORD_BYTES
_ZEROS = bytes(CHUNK_BYTES)
_COPY_BYTES = 1 << 20


class Piece(NamedTuple):
    """Up to 64 KiB of the file from byte `offset`: one chunk, or what stands in its place."""

    offset: int
    data: bytes


class ChunkHeader(NamedTuple):
    """What a chunk says of itself. `free` is the offset at which its live records end."""

    magic: bytes
    first_number: int
    last_number: int
    first_id: int
    last_id: int
    header_bytes: int
    last_offset: int
    free: int

    @property
    def expected(self) -> int:
        """How many live records the chunk claims; 0 for one that was never used."""
        return 0 if self.last_number == _NEVER_USED else self.last_number - self.first_number + 1

    @property
    def plausible(self) -> bool:
        """Whether the numbers can be true; they may be where only the magic is damaged."""
        return (
            self.header_bytes == _HEADER_SIZE_FIELD
            and 0 <= self.expected <= _MAX_RECORDS
            and (self.expected == 0 or 0 <= self.last_id - self.first_id < _MAX_RECORDS)
            and self.first_id > 0
        )


def recognises(head: bytes) -> bool:
    """Whether a file starts as an event log, or holds chunks where a log has its first."""
    return head.startswith((FILE_MAGIC, CHUNK_MAGIC)) or head.startswith(
        CHUNK_MAGIC, FILE_HEADER_BYTES
    )


def first_chunk(head: bytes) -> int:
    """Offset of the first chunk: behind the file header, if there is one."""
    return 0 if head.startswith(CHUNK_MAGIC) else FILE_HEADER_BYTES


def chunk_header(data: bytes) -> ChunkHeader:
    """Read a chunk's header as it stands, plausible or not; `data` holds 48 bytes at least."""
    return ChunkHeader._make(HEADER.unpack_from(data))


def announced_chunks(head: bytes) -> int:
    """How many chunks the file header counts; 0 without a header."""
    if not head.startswith(FILE_MAGIC) or len(head) < FILE_HEADER_BYTES:
        return 0
    count: int = struct.unpack_from("<H", head, 42)[0]
    return count


def is_unused(data: bytes) -> bool:
    """Whether a piece is preallocated space: zeros only, which is normal."""
    return data == _ZEROS[: len(data)]


def pieces(stream: BinaryIO, start: int, end: int | None, seekable: bool) -> Iterator[Piece]:
    """Yield what begins in bytes [start, end) (None: to the end of the file), in file order.

    Bytes before a chunk that does not begin where it should come as a piece of their own. Shares
    that meet at a byte give the whole file, no chunk twice.
    """
    offset, carried = _begin(stream, start, seekable)
    while end is None or offset < end:
        data = carried + read_fully(stream, CHUNK_BYTES - len(carried))
        carried = b""
        if not data:
            return
        if not data.startswith(CHUNK_MAGIC):
            found = data.find(CHUNK_MAGIC, 1)
            if found > 0:
                data, carried = data[:found], data[found:]
        yield Piece(offset, data)
        offset += len(data)


def _begin(stream: BinaryIO, start: int, seekable: bool) -> tuple[int, bytes]:
    """Give the offset of this share's first piece and its bytes.

    Where data are shifted, a chunk that begins in the share before reaches into this one.
    """
    if start < CHUNK_BYTES:
        _skip(stream, start, seekable)
        return start, b""
    _skip(stream, start - CHUNK_BYTES, seekable)
    before, here = read_fully(stream, CHUNK_BYTES), read_fully(stream, CHUNK_BYTES)
    if here.startswith(CHUNK_MAGIC) or before.startswith(CHUNK_MAGIC):
        return start, here
    shift = max(before.rfind(CHUNK_MAGIC), 0)
    return start + shift, here[shift:]


def read_fully(stream: BinaryIO, size: int) -> bytes:
    """Read `size` bytes, fewer only at the end of the file."""
    data = stream.read(size)
    while data and len(data) < size:
        more = stream.read(size - len(data))
        if not more:
            break
        data += more
    return data


def _skip(stream: BinaryIO, size: int, seekable: bool) -> None:
    if seekable:
        stream.seek(size)
        return
    while size > 0:
        data = stream.read(min(size, _COPY_BYTES))
        if not data:
            return
        size -= len(data)
