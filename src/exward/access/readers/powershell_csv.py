"""Objects as Export-Csv writes them.

Windows PowerShell 5.1 begins with a line `#TYPE …` and writes ASCII, `-Encoding Default` the code
page of the machine (here: Windows-1252 where the bytes are no UTF-8), `-UseCulture` a semicolon.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from exward.access.exports import registry
from exward.access.facts import Fact
from exward.access.readers import objects
from exward.formats import csv_rows, text_encoding
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "powershell-csv"
TITLE = "Groups, roles and permissions as CSV (Export-Csv)"

CODE_PAGE = "cp1252"


def recognises(path: str, head: bytes) -> bool:
    """Say whether the columns are those of a kind that is read."""
    del path
    header = csv_rows.header_of(text_encoding.utf8_head(head))
    return header is not None and registry.kind_of(dict.fromkeys(header[1], "")) is not None


def read(source: Source) -> Iterator[Fact | Skipped]:
    """Yield the facts of all rows; positions are lines."""
    header = csv_rows.header_of(text_encoding.utf8_head(source.head))
    if header is None:
        return
    with source.open() as stream:
        blocks = utf8_lines(text_encoding.utf8_blocks(stream, source.head))
        rows = csv_rows.rows(blocks, *header)
        yield from objects.facts(
            source.path, ((one.number, one.values, one.reason) for one in rows)
        )


def utf8_lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Blocks that end with a line, each line as UTF-8: one that is not was in a code page."""
    held = b""
    for block in blocks:
        head, newline, held = (held + block).rpartition(b"\n")
        if newline:
            yield _utf8(head + newline)
        elif len(held) > csv_rows.MAX_FIELD_CHARS:
            yield _utf8(held)
            held = b""
    yield _utf8(held)


def _utf8(data: bytes) -> bytes:
    try:
        data.decode()
    except UnicodeDecodeError:
        return b"\n".join(map(_line, data.split(b"\n")))
    return data


def _line(line: bytes) -> bytes:
    try:
        line.decode()
    except UnicodeDecodeError:
        return line.decode(CODE_PAGE, "replace").encode()
    return line
