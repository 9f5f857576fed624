"""Shares of a text file: a line belongs to the share in which its first byte lies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

BLOCK_BYTES = 1 << 20


def share(size_bytes: int, index: int, count: int) -> tuple[int, int]:
    """Bytes [start, end) of share `index` of `count`."""
    return size_bytes * index // count, size_bytes * (index + 1) // count


def first_line(stream: BinaryIO, start: int) -> tuple[int, int]:
    """Offset and 1-based number of the first line that begins at or after `start`."""
    offset, number, before = 0, 1, max(start - 1, 0)
    while offset < before:
        block = stream.read(min(BLOCK_BYTES, before - offset))
        if not block:
            return offset, number
        offset, number = offset + len(block), number + block.count(b"\n")
    while start:
        # From the byte before: if that ends a line, the next one begins exactly at `start`.
        block = stream.read(BLOCK_BYTES)
        stop = block.find(b"\n")
        if stop >= 0:
            return offset + stop + 1, number + 1
        if not block:
            break
        offset += len(block)
    return offset, number


def blocks(stream: BinaryIO, offset: int, end: int | None) -> Iterator[bytes]:
    """Yield the bytes from `offset` to the end of the line that holds byte `end - 1`."""
    stream.seek(offset)
    while end is None or offset < end:
        size = BLOCK_BYTES if end is None else min(BLOCK_BYTES, end - offset)
        block = stream.read(size)
        if not block:
            return
        offset += len(block)
        yield block
        if end is not None and offset >= end and not block.endswith(b"\n"):
            yield from _rest_of_line(stream)


def _rest_of_line(stream: BinaryIO) -> Iterator[bytes]:
    while block := stream.read(BLOCK_BYTES):
        stop = block.find(b"\n")
        if stop >= 0:
            yield block[: stop + 1]
            return
        yield block
