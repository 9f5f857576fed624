"""Windows events exported as JSON or JSON Lines by the usual tools.

`texts[i]` is the JSON of the record's flat fields (see windows_fields.py), so every value of
`fields(i)` stands in it. Positions are EventRecordIDs where the export has them, else the number of
the line (JSON Lines) or of the object (other files).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from exward.formats import (
    json_objects,
    json_shapes,
    line_ranges,
    record_batch,
    text_encoding,
    windows_record,
)
from exward.formats.json_objects import Piece
from exward.formats.record_batch import Losses, Record, RecordBatch
from exward.model.records import Part
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "windows-json"
TITLE = "Windows events as JSON"

SPLIT_BYTES = 8 * 1024 * 1024
"""Files up to this size are read in one piece."""
_PROBED_OBJECTS = 20


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


def read(source: Source, part: Part) -> Iterator[RecordBatch | Skipped]:
    """Yield the events of one share in file order; see `interface.Format`."""
    losses = Losses(source.path, "lines or objects are no readable JSON")
    steps = ((_events(piece, losses), len(piece.data or b"")) for piece in _pieces(source, part))
    yield from record_batch.batches(source.path, steps, losses)


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


def _events(piece: Piece, losses: Losses) -> Iterator[Record]:
    """The events of one piece; what is none, or broken, goes to the losses."""
    if piece.data is None:
        losses.broken(piece.number, piece.reason)
        return
    try:
        for record in _records(piece):
            event = json_shapes.event_of(record)
            if event is None:
                losses.foreign(piece.number, "JSON records that are no Windows events")
            else:
                yield windows_record.record(event, piece.number)
    except (ValueError, TypeError, RecursionError) as error:
        losses.broken(piece.number, f"no readable JSON: {error}")
