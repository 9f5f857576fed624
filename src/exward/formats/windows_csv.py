"""Windows events as EvtxECmd writes them to CSV: columns of its own, the data as JSON in `Payload`.

Positions are EventRecordIDs, else line numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

from exward.formats import csv_rows, json_shapes, record_batch, text_encoding, windows_record
from exward.formats.csv_rows import Row
from exward.formats.record_batch import Losses, Record, RecordBatch
from exward.model.records import Part
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "windows-csv"
TITLE = "Windows events as CSV (EvtxECmd)"

_COLUMNS = frozenset({"EventId", "TimeCreated", "Provider", "Channel", "Computer", "Payload"})
_NUMBERS = ("EventId", "EventRecordId", "RecordNumber")
_MAX_DIGITS = 18


def recognises(head: bytes) -> bool:
    """Say whether the columns are EvtxECmd's."""
    text = text_encoding.utf8_head(head)
    header = csv_rows.header_of(text) if b"Payload" in text else None
    return header is not None and _COLUMNS.issubset(header[1])


def parts(source: Source, workers: int) -> int:
    """Read in one piece: a row may span lines."""
    del source, workers
    return 1


def read(source: Source, part: Part) -> Iterator[RecordBatch | Skipped]:
    """Yield the events in file order; see `interface.Format`."""
    del part
    header = csv_rows.header_of(text_encoding.utf8_head(source.head))
    if header is None:
        return
    losses = Losses(source.path, "rows do not fit the header")
    with source.open() as stream:
        blocks = text_encoding.utf8_blocks(stream, source.head)
        steps = ((_records(row, losses), row.size_bytes) for row in csv_rows.rows(blocks, *header))
        yield from record_batch.batches(source.path, steps, losses)


def _records(row: Row, losses: Losses) -> Iterator[Record]:
    if row.values is None:
        losses.broken(row.number, row.reason)
        return
    columns: dict[str, object] = {name: value for name, value in row.values.items() if value}
    for name in _NUMBERS:
        text = str(columns.get(name, ""))
        if text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS:
            columns[name] = int(text)
    event = json_shapes.event_of(columns)
    if event is None:
        losses.foreign(row.number, "rows that are no Windows events")
        return
    try:
        yield windows_record.record(event, row.number)
    except (ValueError, TypeError, RecursionError) as error:
        losses.broken(row.number, f"no readable event: {error}")
