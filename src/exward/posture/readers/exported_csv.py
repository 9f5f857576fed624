"""What a cmdlet gave, saved with Export-Csv (with or without its `#TYPE` line)."""

from __future__ import annotations

from collections.abc import Iterator

from exward.formats import csv_rows, text_encoding
from exward.formats.whole_file import name_of, utf8_of
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.posture.readers import objects
from exward.posture.readers.interface import Told

NAME = "exported-csv"
TITLE = "Result of a cmdlet as CSV"
MAX_ROWS = 200_000
_COLUMNS = frozenset({"admindisplayversion", "fileversion"})


def recognises(path: str, head: bytes) -> bool:
    """Say whether it is a table named for a cmdlet, or one with versions of Exchange."""
    if not name_of(path).lower().endswith((".csv", ".txt")):
        return False
    text = text_encoding.utf8_head(head)
    header = csv_rows.header_of(text)
    if header is None:
        return False
    columns = {column.lower() for column in header[1]}
    named = bool(objects.area_of(path, text[:400])) and "name" in columns
    return named or (bool(columns & _COLUMNS) and objects.tells_version(text))


def read(source: Source) -> Iterator[Told | Skipped]:
    """Yield the rows as the cmdlet's area, and the builds that they tell."""
    data = utf8_of(source)
    header = csv_rows.header_of(data)
    if header is None:
        return
    rows: list[object] = []
    for row in csv_rows.rows([data], *header):
        if row.values is None:
            yield Skipped(source.path, row.number, row.reason, 1)
        elif len(rows) < MAX_ROWS:
            rows.append(row.values)
        else:
            yield Skipped(source.path, row.number, f"more than {MAX_ROWS:,} rows")
            break
    yield from objects.told(rows, objects.area_of(source.path, data[:400]), source.path)
