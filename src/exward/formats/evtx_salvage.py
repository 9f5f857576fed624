"""Reads what can be read of a damaged chunk.

The library stops at the first record whose frame is broken. So the records are looked for by their
frame (magic, size, and the copy of the size at the end), and the library gets a copy of the chunk
in which every gap is dressed up as one record, to be walked over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from exward.formats import evtx_library
from exward.formats.evtx_chunks import (
    CHUNK_BYTES,
    CHUNK_HEADER_BYTES,
    CHUNK_MAGIC,
    HEADER,
    MIN_RECORD_BYTES,
    RECORD,
    RECORD_MAGIC,
    SIZE,
    ChunkHeader,
    chunk_header,
)

_FILLER_ID = 2**64 - 2
_NO_ID = 2**64 - 3
"""The "last record's id" of a patched header: no record has it, so none ends the walk early."""
_STRING_TABLE = slice(128, 384)
_SIZE_OFFSET = 4
_LAST_START = CHUNK_BYTES - MIN_RECORD_BYTES


class Span(NamedTuple):
    """Where a record lies in its chunk, and its id."""

    offset: int
    size: int
    record_id: int

    @property
    def end(self) -> int:
        """Offset behind the record."""
        return self.offset + self.size


@dataclass(slots=True)
class Salvaged:
    """What was read of a chunk; `failures` are record ids with the library's reason.

    `missing` counts the records that the chunk's header announces and that are nowhere.
    """

    records: list[evtx_library.Record] = field(default_factory=list)
    failures: list[tuple[int, str]] = field(default_factory=list)
    missing: int = 0


def salvage(data: bytes) -> Salvaged:
    """Read the live records of a chunk of which any part may be damaged or cut off."""
    chunk = data.ljust(CHUNK_BYTES, b"\0")
    header = chunk_header(chunk)
    spans = list(_walk(chunk, header))
    result = Salvaged()
    _decode_spans(chunk, spans, result)
    if header.plausible:
        found = {span.record_id for span in spans}
        if len(found) < header.expected:
            hidden = list(_hidden(chunk, header, spans, found))
            _decode_spans(chunk, hidden, result)
            spans += hidden
        result.missing = max(header.expected - len(spans), 0)
    return result


def _span_at(chunk: bytes, offset: int, outer_end: int = 0) -> Span | None:
    """The record whose frame is whole at `offset`, if there is one.

    One that ends where the record around it ends has lost its copy of the size to that.
    """
    if 0 < offset - CHUNK_HEADER_BYTES < MIN_RECORD_BYTES or offset > _LAST_START:
        return None  # the gap before it could not be dressed up, or the chunk ends
    magic, size, record_id, _ = RECORD.unpack_from(chunk, offset)
    if magic != RECORD_MAGIC or size < MIN_RECORD_BYTES or offset + size > len(chunk):
        return None
    copy = SIZE.unpack_from(chunk, offset + size - SIZE.size)[0]
    if copy != size and offset + size != outer_end:
        return None
    return Span(offset, size, record_id)


def _walk(chunk: bytes, header: ChunkHeader) -> Iterator[Span]:
    """Yield live records in order, none inside another; find the next one behind damage."""
    offset, last = CHUNK_HEADER_BYTES, Span(CHUNK_HEADER_BYTES, 0, header.first_id - 1)
    while offset >= 0:
        span = _span_at(chunk, offset)
        if span is None:
            offset = chunk.find(RECORD_MAGIC, offset + 1)
            continue
        if _is_live(span, last, header):
            last = span
            yield span
        offset = span.end


def _is_live(span: Span, last: Span, header: ChunkHeader) -> bool:
    """Whether a record belongs to the log; the rest of a chunk holds remains of earlier ones.

    A record that follows the last one without a gap and goes on counting is live, too: the
    chunk's header was written before it.
    """
    if not header.plausible:
        return span.record_id > last.record_id
    if span.offset == last.end:
        return span.offset < header.free or span.record_id == last.record_id + 1
    return max(header.first_id, last.record_id + 1) <= span.record_id <= header.last_id


def _hidden(
    chunk: bytes, header: ChunkHeader, spans: list[Span], found: set[int]
) -> Iterator[Span]:
    """Yield announced records that lie inside others: those were made longer to hide them."""
    for outer in spans:
        offset = chunk.find(RECORD_MAGIC, outer.offset + 1, outer.end)
        while offset >= 0:
            span = _span_at(chunk, offset, outer.end)
            if span is not None and _is_announced(span, header) and span.record_id not in found:
                found.add(span.record_id)
                yield span
                offset = span.end - 1
            offset = chunk.find(RECORD_MAGIC, offset + 1, outer.end)


def _is_announced(span: Span, header: ChunkHeader) -> bool:
    return header.first_id <= span.record_id <= header.last_id


def _decode_spans(chunk: bytes, spans: list[Span], result: Salvaged) -> None:
    """Decode the records at `spans` (in order, apart from each other) and add them to `result`."""
    if not spans:
        return
    patched, layout = _patched(chunk, spans)
    # The header's table of names only saves looking them up; damage to it would cost the chunk.
    patched[_STRING_TABLE] = bytes(_STRING_TABLE.stop - _STRING_TABLE.start)
    decoded = evtx_library.decode_each(bytes(patched), len(layout))
    for index, span in enumerate(layout):
        if span is None:
            continue
        one = decoded[index] if index < len(decoded) else "".join(map(str, decoded[-1:]))
        if isinstance(one, str):
            result.failures.append((span.record_id, one))
        else:
            result.records.append(one)


def _patched(chunk: bytes, spans: list[Span]) -> tuple[bytearray, list[Span | None]]:
    """Copy the chunk so that the library meets exactly `layout`; None is a gap in disguise."""
    patched = bytearray(chunk)
    layout: list[Span | None] = []
    position = CHUNK_HEADER_BYTES
    for span in spans:
        gap = span.offset - position
        if gap >= MIN_RECORD_BYTES:
            RECORD.pack_into(patched, position, RECORD_MAGIC, gap, _FILLER_ID, 0)
            layout.append(None)
        elif gap and layout:
            # Too small to stand for a record: let the one before reach over it.
            _stretch(patched, layout, gap)
        layout.append(span)
        position = span.end
    header = chunk_header(chunk)
    HEADER.pack_into(
        patched, 0, CHUNK_MAGIC, *header[1:4], _NO_ID, header.header_bytes, 0, position
    )
    return patched, layout


def _stretch(patched: bytearray, layout: list[Span | None], gap: int) -> None:
    before = layout[-1]
    if before is not None:
        SIZE.pack_into(patched, before.offset + _SIZE_OFFSET, before.size + gap)
