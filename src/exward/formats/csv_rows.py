"""Rows of a CSV file (RFC 4180) with line numbers, bounded, and going on behind damage.

A quoted value may hold line breaks. A row is taken over several lines only if it then has exactly
the columns of the header; otherwise its first line is lost and reading goes on with the next.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from exward.formats.json_objects import numbered_lines

MAX_ROW_LINES = 200
MAX_ROW_CHARS = 2 * 1024 * 1024
MAX_FIELD_CHARS = 32 * 1024 * 1024
"""Above what `numbered_lines` lets through."""
_HEADER_LINES = 8
_FIELDS = "#Fields:"
_DELIMITERS = ",;\t"


class Row(NamedTuple):
    """One row's values by column, or (`values` None) why it cannot be read; `number` is a line."""

    number: int
    values: dict[str, str] | None
    size_bytes: int
    reason: str = ""


def header_of(head: bytes) -> tuple[str, list[str]] | None:
    """Delimiter and columns of a file that begins with `head` (UTF-8); lines with # are none."""
    for line in head[:65_536].decode("utf-8", "replace").splitlines()[:_HEADER_LINES]:
        if line.startswith("#") or not line.strip():
            continue
        delimiter = max(_DELIMITERS, key=line.count)
        columns = _cut(line, delimiter)
        return None if columns is None or len(columns) < 2 else (delimiter, columns)
    return None


def rows(blocks: Iterable[bytes], delimiter: str, columns: list[str]) -> Iterator[Row]:
    """Yield the rows below the header; a header that is repeated is none.

    `#Fields:` names other columns for what follows, other lines with # are comments.
    """
    csv.field_size_limit(MAX_FIELD_CHARS)
    lines = numbered_lines(blocks)
    waiting: deque[tuple[int, bytes | None]] = deque()
    while True:
        if not waiting:
            following = next(lines, None)
            if following is None:
                return
            waiting.append(following)
        number, line = waiting.popleft()
        if line is None:
            yield Row(number, None, 0, "line longer than 16 MiB")
            continue
        text = line.decode("utf-8", "replace").rstrip("\r")
        if text.startswith(_FIELDS):
            columns = _cut(text.removeprefix(_FIELDS).strip(), delimiter) or columns
        if not text or text.startswith("#") or _is_header(text, delimiter, columns):
            continue
        yield _row(number, text, (delimiter, columns), (waiting, lines))


def _row(
    number: int,
    text: str,
    shape: tuple[str, list[str]],
    source: tuple[deque[tuple[int, bytes | None]], Iterator[tuple[int, bytes | None]]],
) -> Row:
    """Take the row that begins with this line, and as many more lines as it needs."""
    delimiter, columns = shape
    waiting, lines = source
    taken: list[tuple[int, bytes | None]] = []
    whole, open_quote = text, text.count('"') % 2
    if open_quote and (values := _cut(text, delimiter)) is not None and len(values) == len(columns):
        open_quote = 0  # a mark inside a value without quotes
    while open_quote and len(taken) < MAX_ROW_LINES and len(whole) < MAX_ROW_CHARS:
        following = waiting.popleft() if waiting else next(lines, None)
        if following is None:
            break
        taken.append(following)
        more = (following[1] or b"").decode("utf-8", "replace").rstrip("\r")
        whole, open_quote = f"{whole}\n{more}", (open_quote + more.count('"')) % 2
    values = None if open_quote else _cut(whole, delimiter)
    if values is not None and len(values) == len(columns):
        return Row(number, dict(zip(columns, values, strict=True)), len(whole) + 1)
    waiting.extendleft(reversed(taken))
    reason = f"not the {len(columns)} columns of the header"
    return Row(number, None, len(text) + 1, reason)


def _is_header(text: str, delimiter: str, columns: list[str]) -> bool:
    return text.lstrip('"').startswith(columns[0]) and _cut(text, delimiter) == columns


def _cut(text: str, delimiter: str) -> list[str] | None:
    """The values of one row; None if it is more than one, or none."""
    try:
        found = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return found[0] if len(found) == 1 else None
