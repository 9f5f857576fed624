"""Windows event logs (EVTX).

`texts[i]` is the library's JSON: strings are escaped as `orjson.dumps` escapes them, except that
the hexadecimal digits of control characters are capitals (`\\u001B`). What `fields` adds that does
not stand in the text is told in `windows_fields.py`. Positions are EventRecordIDs.

A chunk is decoded by itself; if that gives fewer records than the chunk's header announces, it is
read by `evtx_salvage.py`, and what is lost becomes a `Skipped`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import orjson

from exward.formats import evtx_chunks, evtx_library, windows_fields
from exward.formats.evtx_chunks import (
    CHUNK_BYTES,
    CHUNK_MAGIC,
    FILE_HEADER_BYTES,
    RECORD_MAGIC,
    Piece,
)
from exward.formats.evtx_salvage import Salvaged, salvage
from exward.model.records import EventType, Fields, Part
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "evtx"
TITLE = "Windows event log (EVTX)"

PART_BYTES = 32 * 1024 * 1024
BATCH_PIECES = 32
"""2 MiB of the file make one batch: some thousands of records."""
_MAX_TYPES = 65_536
_PLAIN_STRING = re.compile(r'"[^"\\]*"')

recognises = evtx_chunks.recognises


class EvtxBatch:
    """Records of one log, as the library's JSON; see `TextBatch`."""

    __slots__ = ("ids", "size_bytes", "source", "texts", "types")

    def __init__(self, source: str) -> None:
        self.source = source
        self.size_bytes = 0
        self.texts: list[str] = []
        self.types: list[EventType] = []
        self.ids: list[int] = []

    def __len__(self) -> int:
        return len(self.texts)

    def fields(self, index: int) -> Fields:
        """Decode record `index`; raises ValueError if its text is broken."""
        decoded = orjson.loads(self.texts[index])
        return windows_fields.flatten(decoded.get("Event") if isinstance(decoded, dict) else None)

    def time(self, index: int) -> int | None:
        """TimeCreated in µs since 1970-01-01 UTC."""
        text = _after(self.texts[index], '"SystemTime":"', '"')
        return None if text is None else windows_fields.parse_time(text)

    def position(self, index: int) -> int:
        """EventRecordID; that of the record's frame if the event has none."""
        text = _after(self.texts[index], '"EventRecordID":', ",")
        return int(text) if text is not None and text.isdecimal() else self.ids[index]

    def server(self, index: int) -> str:
        """Computer; "" if the event has none."""
        text = _after(self.texts[index], '"Computer":', ",")
        if text is None or not _PLAIN_STRING.fullmatch(text):
            return str(self.fields(index)["Computer"])
        return text[1:-1]


def parts(source: Source, workers: int) -> int:
    """Shares of 32 MiB; a stream that cannot seek is read once per share, so a few are enough."""
    if source.size_bytes is None:
        return 1
    shares = max(1, -(-source.size_bytes // PART_BYTES))
    if not source.seekable:
        return min(shares, max(workers, 1))
    return shares


def read(source: Source, part: Part) -> Iterator[EvtxBatch | Skipped]:
    """Yield the records of one share, and what could not be read."""
    start, end = _range(source, part)
    types = _Types()
    batch, held = EvtxBatch(source.path), 0
    reached = start
    with source.open() as stream:
        for piece in evtx_chunks.pieces(stream, start, end, source.seekable):
            losses = _add_piece(batch, types, piece)
            yield from losses
            reached, held = piece.offset + len(piece.data), held + 1
            if held == BATCH_PIECES:
                if len(batch):
                    yield batch
                batch, held = EvtxBatch(source.path), 0
    if len(batch):
        yield batch
    if part.index == part.count - 1:
        yield from _missing_tail(source, reached)


def _range(source: Source, part: Part) -> tuple[int, int | None]:
    """Bytes [start, end) of a share, in whole chunks; the last one goes to the end of the file."""
    base = evtx_chunks.first_chunk(source.head)
    chunks = max(0, (source.size_bytes or 0) - base) // CHUNK_BYTES
    start = base + chunks * part.index // part.count * CHUNK_BYTES
    if part.index == part.count - 1:
        return start, None
    return start, base + chunks * (part.index + 1) // part.count * CHUNK_BYTES


def _add_piece(batch: EvtxBatch, types: _Types, piece: Piece) -> list[Skipped]:
    batch.size_bytes += len(piece.data)
    records = _sound(piece.data)
    losses: list[Skipped] = []
    if records is None:
        if evtx_chunks.is_unused(piece.data):
            return losses
        salvaged = salvage(piece.data)
        records = salvaged.records
        losses = _losses(batch.source, piece, salvaged)
    texts = [record["data"] for record in records]
    batch.texts += texts
    batch.ids += [record["event_record_id"] for record in records]
    batch.types += map(types.of, texts)
    return losses


def _sound(data: bytes) -> list[evtx_library.Record] | None:
    """Decode a chunk in which nothing is amiss; None if something is."""
    if len(data) < CHUNK_BYTES:
        return None
    header = evtx_chunks.chunk_header(data)
    if header.magic != CHUNK_MAGIC or not header.plausible or _goes_on(data, header):
        return None
    records = evtx_library.decode(data)
    return records if records is not None and len(records) == header.expected else None


def _goes_on(data: bytes, header: evtx_chunks.ChunkHeader) -> bool:
    """Whether more live records follow the last one of which the header knows."""
    if not data.startswith(RECORD_MAGIC, header.free):
        return False
    follower = data[header.free + 8 : header.free + 16]
    return int.from_bytes(follower, "little") == header.last_id + 1


def _losses(source: str, piece: Piece, salvaged: Salvaged) -> list[Skipped]:
    """What a damaged piece has lost: one line for each kind of loss."""
    where = f"chunk at byte {piece.offset}"
    losses = []
    if salvaged.failures:
        first, message = salvaged.failures[0]
        number = len(salvaged.failures)
        reason = f"{where}: {number} record(s) cannot be decoded, the first (id {first}): {message}"
        losses.append(Skipped(source, first, reason, number))
    if salvaged.missing:
        reason = f"{where}: {salvaged.missing} record(s) that its header announces are not there"
        losses.append(Skipped(source, piece.offset, reason, salvaged.missing))
    if not salvaged.records and not losses:
        reason = f"{len(piece.data)} bytes from byte {piece.offset} are no chunk of an event log"
        losses.append(Skipped(source, piece.offset, reason))
    return losses


def _missing_tail(source: Source, reached: int) -> Iterator[Skipped]:
    """Say so if the file ends before the chunks that its header counts."""
    head = source.head
    if len(head) < FILE_HEADER_BYTES and head.startswith(evtx_chunks.FILE_MAGIC):
        yield Skipped(source.path, len(head), "the file ends within the file header")
        return
    announced = evtx_chunks.announced_chunks(head)
    present = -(-(reached - FILE_HEADER_BYTES) // CHUNK_BYTES)
    if present < announced:
        reason = f"the file ends at byte {reached}, after {present} of {announced} chunks"
        yield Skipped(source.path, reached, reason)


class _Types:
    """Event types by the part of the text that tells them, so that each is parsed once."""

    __slots__ = ("_by_key", "_interned")

    def __init__(self) -> None:
        self._by_key: dict[tuple[str, str], EventType] = {}
        self._interned: dict[EventType, EventType] = {}

    def of(self, text: str) -> EventType:
        """Give the type of a record.

        System is the first section and its order is fixed: Provider, EventID, …, Level, …,
        Channel, Computer. Quotation marks inside values are escaped, so no value can pass for one.
        """
        level = text.find('"Level":')
        channel = text.find('"Channel":', level)
        computer = text.find(',"Computer":', channel)
        if level < 0 or channel < 0 or computer < 0:
            return self._parse(text)
        key = (text[:level], text[channel:computer])
        known = self._by_key.get(key)
        if known is None:
            if len(self._by_key) >= _MAX_TYPES:
                self._by_key.clear()
                self._interned.clear()
            known = self._by_key[key] = self._parse(text)
        return known

    def _parse(self, text: str) -> EventType:
        try:
            decoded = orjson.loads(text)
        except ValueError:
            decoded = None
        event = decoded.get("Event") if isinstance(decoded, dict) else None
        parsed = windows_fields.event_type(event)
        return self._interned.setdefault(parsed, parsed)


def _after(text: str, start: str, end: str) -> str | None:
    """What stands between the first `start` and the `end` that follows it."""
    begin = text.find(start)
    if begin < 0:
        return None
    begin += len(start)
    stop = text.find(end, begin)
    return text[begin:stop] if stop >= 0 else None
