"""Transport agents and virtual directories as `… | Export-Csv` and `csvde` write them.

Of a directory dump only objects with an address are taken. Positions are line numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

from exward.formats import csv_rows, exchange_objects, record_batch, text_encoding
from exward.formats.csv_rows import Row
from exward.formats.record_batch import Losses, Record, RecordBatch
from exward.model.records import Part
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "exchange-objects-csv"
TITLE = "Transport agents or virtual directories as CSV"


def recognises(head: bytes) -> bool:
    """Say whether the columns are those of these kinds."""
    header = csv_rows.header_of(text_encoding.utf8_head(head))
    return header is not None and exchange_objects.kind_of(dict.fromkeys(header[1])) is not None


def parts(source: Source, workers: int) -> int:
    """Read in one piece: there are few such objects."""
    del source, workers
    return 1


def read(source: Source, part: Part) -> Iterator[RecordBatch | Skipped]:
    """Yield the objects in file order; see `interface.Format`."""
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
    # Every row of a directory dump has every column: without a value there is no such attribute.
    given = {name: value for name, value in row.values.items() if value}
    is_dump = "AssemblyPath" not in row.values and "ExternalUrl" not in row.values
    entry: dict[str, str] = given if is_dump else row.values
    objects = [(row.number, entry, "")]
    yield from exchange_objects.records(objects, losses, all_expected=not is_dump)
