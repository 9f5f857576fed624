"""What the formats of Exchange's own text logs share: telling them apart, and reading them.

A log says in `#Log-type:` what it is; where that was lost, its columns tell. HttpProxy and remote
PowerShell logs often begin with the bare names of the columns, before the lines with `#`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from exward.formats.exchange_csv_batch import CsvBatch, Layout
from exward.formats.exchange_csv_blocks import (
    RecordCutter,
    column_names,
    columns_before,
    range_blocks,
)
from exward.formats.text_encoding import encoding_of, utf8_blocks, utf8_head
from exward.model.records import Part
from exward.model.skipped import Skipped
from exward.model.source import Source

SPLIT_BYTES = 8 * 1024 * 1024
"""Files up to this size are read in one piece."""

_LOG_TYPE = re.compile(rb"^#Log-type: *([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_FIELDS = re.compile(rb"^#Fields:[^\r\n]*", re.MULTILINE)
_SOFTWARE = re.compile(rb"^#Software: *Microsoft Exchange", re.IGNORECASE | re.MULTILINE)


class Header(NamedTuple):
    """What the beginning of a log says: its type (lower case), its columns, whether Exchange's."""

    log_type: str
    columns: frozenset[str]
    is_exchange: bool


# Each format of Exchange asks for the same header.
@lru_cache(maxsize=2)
def header_of(head: bytes) -> Header:
    """Read the beginning of a file; all empty if it is no log of this kind."""
    text = utf8_head(head).lstrip(b"\r\n")
    # Plain searches first: most files that are asked about hold neither.
    lower = text.lower()
    log_type = _LOG_TYPE.search(text) if b"#log-type" in lower else None
    fields = _FIELDS.search(text) if b"#Fields:" in text else None
    names: tuple[str, ...] = ()
    if fields is not None and b"," in fields[0]:
        names = column_names(fields[0].strip())
    elif fields is None:
        names = column_names(text.partition(b"\n")[0].strip())
    return Header(
        log_type="" if log_type is None else log_type[1].decode("utf-8", "replace").strip().lower(),
        columns=frozenset(names),
        is_exchange=b"#software:" in lower and _SOFTWARE.search(text) is not None,
    )


def recogniser(
    log_types: tuple[str, ...], columns: tuple[str, ...] = ()
) -> Callable[[bytes], bool]:
    """A test for files of one of these types; for those without a type, by these columns."""

    def recognises(head: bytes) -> bool:
        """Say whether a file that starts so is one of this kind."""
        found = header_of(head)
        if found.log_type:
            return found.log_type in log_types
        return bool(columns) and found.columns.issuperset(columns)

    return recognises


def parts(source: Source, workers: int) -> int:
    """Large files on disk are cut into one range of bytes for each worker."""
    big = source.size_bytes is not None and source.size_bytes > SPLIT_BYTES
    plain = encoding_of(source.head) == "utf-8" and b"\n" in source.head
    return workers if big and source.seekable and plain else 1


def reader(layout: Layout) -> Callable[[Source, Part], Iterator[CsvBatch | Skipped]]:
    """How a log of this layout is read; see `interface.Format.read`."""

    def read(source: Source, part: Part) -> Iterator[CsvBatch | Skipped]:
        """Yield the records of one share in file order, and what could not be read."""
        with source.open() as stream:
            if part.count > 1 and source.size_bytes is not None:
                start = source.size_bytes * part.index // part.count
                stop = source.size_bytes * (part.index + 1) // part.count
                end = None if part.index + 1 == part.count else stop
                known, line, offset = columns_before(stream, start)
                if end is None or offset < end:
                    cutter = RecordCutter(source.path, layout, known, line)
                    yield from cutter.cut(range_blocks(stream, offset, end))
            else:
                cutter = RecordCutter(source.path, layout)
                yield from cutter.cut(utf8_blocks(stream, source.head))

    return read
