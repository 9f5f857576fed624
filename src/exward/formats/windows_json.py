"""Windows events exported as JSON or JSON Lines by the usual tools.

`texts[i]` is the JSON of the record's flat fields (see windows_fields.py), so every value of
`fields(i)` stands in it. Positions are EventRecordIDs where the export has them, else the number of
the line (JSON Lines) or of the object (other files).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import orjson

from exward.formats import json_objects, json_shapes, line_ranges, text_encoding, windows_fields
from exward.formats.json_objects import Piece
from exward.model.records import EventType, Fields, Part
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "windows-json"
TITLE = "Windows events as JSON"

SPLIT_BYTES = 8 * 1024 * 1024
"""Files up to this size are read in one piece."""
BATCH_RECORDS = 4096
BATCH_BYTES = 8 * 1024 * 1024
MAX_LISTED = 20
"""Broken lines listed one by one; the others are summed up."""
_PROBED_OBJECTS = 20


class JsonBatch:
    """Events of one export; see `TextBatch`."""

    __slots__ = ("positions", "servers", "size_bytes", "source", "texts", "times", "types")

    def __init__(self, source: str) -> None:
        self.source = source
        self.size_bytes = 0
        self.texts: list[str] = []
        self.types: list[EventType] = []
        self.times: list[object] = []
        self.positions: list[int] = []
        self.servers: list[str] = []

    def __len__(self) -> int:
        return len(self.texts)

    def fields(self, index: int) -> Fields:
        """Decode record `index`."""
        fields: Fields = orjson.loads(self.texts[index])
        return fields

    def time(self, index: int) -> int | None:
        """TimeCreated in µs since 1970-01-01 UTC; one without offset is taken as UTC."""
        text = self.times[index]
        return windows_fields.parse_time(text) if isinstance(text, str) else None

    def position(self, index: int) -> int:
        """EventRecordID, else line or object number."""
        return self.positions[index]

    def server(self, index: int) -> str:
        """Computer; "" if the event has none."""
        return self.servers[index]


class _Event(NamedTuple):
    text: str
    type: EventType
    time: object
    position: int
    server: str


def recognises(head: bytes) -> bool:
    """Say whether one of the first objects is a Windows event; one cut by the head is guessed."""
    text = text_encoding.utf8_head(head)
    if not text.lstrip().startswith((b"{", b"[")):
        return False
    whole = 0
    for piece in islice(_pieces_of_head(text), _PROBED_OBJECTS):
        try:
            if any(json_shapes.event_of(record) for record in _records(piece)):
                return True
        except (ValueError, TypeError, RecursionError):
            continue
        whole += piece.data is not None
    return not whole and any(
        all(text.find(telltale) >= 0 for telltale in shape.telltale) for shape in json_shapes.SHAPES
    )


def parts(source: Source, workers: int) -> int:
    """Large files of lines are cut into one range of bytes for each worker."""
    big = source.size_bytes is not None and source.size_bytes > SPLIT_BYTES
    if not big or not source.seekable or text_encoding.encoding_of(source.head) != "utf-8":
        return 1
    return max(workers, 1) if json_objects.is_by_line(source.head) else 1


def read(source: Source, part: Part) -> Iterator[JsonBatch | Skipped]:
    """Yield the events of one share in file order; see `interface.Format`."""
    types: dict[EventType, EventType] = {}
    batch, tally = JsonBatch(source.path), _Tally(source.path)
    for piece in _pieces(source, part):
        for event in _events(piece, tally):
            _add(batch, event, types)
        batch.size_bytes += len(piece.data or b"")
        if len(batch) >= BATCH_RECORDS or batch.size_bytes >= BATCH_BYTES:
            if len(batch):
                yield batch
            batch = JsonBatch(source.path)
            yield from tally.taken()
    if len(batch):
        yield batch
    yield from tally.taken()
    yield from tally.summary()


def _add(batch: JsonBatch, event: _Event, types: dict[EventType, EventType]) -> None:
    batch.texts.append(event.text)
    batch.types.append(types.setdefault(event.type, event.type))
    batch.times.append(event.time)
    batch.positions.append(event.position)
    batch.servers.append(event.server)


def _pieces_of_head(text: bytes) -> Iterator[Piece]:
    if json_objects.is_by_line(text):
        return json_objects.by_line(json_objects.numbered_lines([text]))
    return json_objects.by_brace([text])


def _pieces(source: Source, part: Part) -> Iterator[Piece]:
    """Objects of one share; only files of lines come in more than one."""
    by_line = json_objects.is_by_line(text_encoding.utf8_head(source.head))
    with source.open() as stream:
        if part.count > 1 and source.size_bytes is not None:
            start, end = line_ranges.share(source.size_bytes, part.index, part.count)
            offset, number = line_ranges.first_line(stream, start)
            last = part.index == part.count - 1
            blocks = line_ranges.blocks(stream, offset, None if last else end)
            yield from json_objects.by_line(json_objects.numbered_lines(blocks, number))
            return
        blocks = text_encoding.utf8_blocks(stream, source.head)
        if by_line:
            yield from json_objects.by_line(json_objects.numbered_lines(blocks))
        else:
            yield from json_objects.by_brace(blocks)


def _records(piece: Piece) -> Iterator[object]:
    if piece.data is None:
        return
    for value in json_objects.parse(piece.data):
        yield from json_shapes.records_of(value)


def _events(piece: Piece, tally: _Tally) -> Iterator[_Event]:
    """The events of one piece; what is none, or broken, goes to the tally."""
    if piece.data is None:
        tally.broken(piece.number, piece.reason)
        return
    try:
        for record in _records(piece):
            event = json_shapes.event_of(record)
            if event is None:
                tally.foreign(piece.number)
            else:
                yield _event(event, piece.number)
    except (ValueError, TypeError, RecursionError) as error:
        tally.broken(piece.number, f"no readable JSON: {error}")


def _event(event: json_shapes.Event, number: int) -> _Event:
    fields = windows_fields.flatten(event)
    record_id = fields.get("EventRecordID")
    if isinstance(record_id, str) and record_id.isascii() and record_id.isdecimal():
        record_id = int(record_id[:18])
    return _Event(
        orjson.dumps(fields).decode(),
        windows_fields.event_type(event),
        fields.get("TimeCreated"),
        record_id if isinstance(record_id, int) else number,
        str(fields["Computer"]),
    )


class _Tally:
    """Counts what was not read, and lists the first few."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._listed: list[Skipped] = []
        self._broken = 0
        self._foreign = 0
        self._first_foreign: int | None = None

    def broken(self, number: int, reason: str) -> None:
        """Note a line or object that cannot be read."""
        self._broken += 1
        if self._broken <= MAX_LISTED:
            self._listed.append(Skipped(self._source, number, reason, 1))

    def foreign(self, number: int) -> None:
        """Note a JSON record that is no Windows event."""
        self._foreign += 1
        if self._first_foreign is None:
            self._first_foreign = number

    def taken(self) -> Iterator[Skipped]:
        """Yield what has been listed since the last call."""
        listed, self._listed = self._listed, []
        yield from listed

    def summary(self) -> Iterator[Skipped]:
        """Yield the sums, at the end."""
        if self._broken > MAX_LISTED:
            more = self._broken - MAX_LISTED
            yield Skipped(self._source, None, "more lines or objects are no readable JSON", more)
        if self._foreign:
            reason = "JSON records that are no Windows events"
            yield Skipped(self._source, self._first_foreign, reason, self._foreign)
