"""Cuts an Exchange log into blocks of whole records that share one list of columns.

Whether each line has as many values as there are columns is counted for a whole block at once;
only lines that do not add up are looked at one by one: a header, a record whose quoted value holds
line breaks, or a line that is lost and counted. A line that is a whole record by itself is never
taken into the quoted value of another: nobody hides lines behind a quotation mark.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple

from exward.formats.exchange_csv_batch import CsvBatch, Layout
from exward.formats.exchange_csv_joins import MAX_SPAN_LINES, Joins
from exward.formats.exchange_csv_lines import Lines
from exward.formats.exchange_csv_values import MAX_COLUMNS, begins_record, begins_with_time, split
from exward.formats.text_encoding import without_marks
from exward.formats.url_readings import text_of
from exward.model.skipped import Skipped

BLOCK_BYTES = 1 << 20
MAX_LINE_BYTES = 1 << 20
MAX_LISTED = 20
"""Bad lines listed one by one in each share; the others are summed up."""

_FIELDS = b"#Fields:"
_NAME = re.compile(r"[A-Za-z][\w .()/-]{0,80}")

_COMMENT = re.compile(rb"#(?:Software|Version|Log-type|Date|Fields|Remark)\b|#!", re.IGNORECASE)


def column_names(line: bytes) -> tuple[str, ...]:
    """The columns that a `#Fields:` line or a bare header names; () if the line is no header."""
    bare = not line.startswith(_FIELDS)
    text = text_of(line.removeprefix(_FIELDS).strip())
    if bare and (not text[:1].isalpha() or not text[:1].isascii()):
        return ()
    names = tuple(name.strip() for name in split(text))
    if len(names) > MAX_COLUMNS or (bare and len(names) < 3):
        return ()
    if len(names) < 2:  # not a list of columns
        return ()
    return names if all(_NAME.fullmatch(name) for name in names) else ()


def is_header(line: bytes, previous: bytes, columns: tuple[str, ...]) -> bool:
    """A line with `#`, the bare names where none are known, or the same names again.

    Other names than before count only in a block of such lines, as Exchange writes it: a value
    with line breaks may hold anything.
    """
    if not line.startswith(b"#"):
        return columns in {(), names} if (names := column_names(line)) else False
    if _COMMENT.match(line) is None:
        return False
    return (
        not line.startswith(_FIELDS)
        or columns in {(), column_names(line)}
        or previous.startswith(b"#")
    )


class Known(NamedTuple):
    """The columns that hold at a place, and those that held before."""

    columns: tuple[str, ...] = ()
    former: tuple[str, ...] = ()

    def bound(self, names: tuple[str, ...]) -> Known:
        """What holds after a header line with these names."""
        return Known(names, self.columns) if names and names != self.columns else self


NOTHING_KNOWN = Known()


@dataclass(slots=True)
class _Run:
    """Records in a row that share their columns."""

    lines: list[bytes] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)


class _Spans:
    """Tells which lines stand inside the quoted value of a record that begins before them."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._columns = 0
        self._joins: Joins | None = None

    def hold(self, first: int, index: int, known: Known) -> bool:
        """Whether a record that begins at line `first` or later goes on behind line `index`."""
        start = index - 1
        while start >= first and not begins_with_time(self._lines.line(start)):
            start -= 1
            if index - start > MAX_SPAN_LINES:
                return False
        if start < first or not self._lines.quotes[start]:
            return False
        columns = len(known.columns)
        if self._joins is None or columns != self._columns:
            self._columns, self._joins = columns, Joins(self._lines, columns)
        taken, record = self._joins.record(start, last=True)
        return record is not None and start + taken > index


class RecordCutter:
    """Turns blocks of bytes into batches; knows the current columns and line number."""

    def __init__(
        self, source: str, layout: Layout, known: Known = NOTHING_KNOWN, line: int = 1
    ) -> None:
        self._source = source
        self._layout = layout
        self._known = known
        self._line = line
        self._bad = 0
        self._size = 0

    def cut(self, blocks: Iterable[bytes]) -> Iterator[CsvBatch | Skipped]:
        """Yield batches of whole records in order, and what was not read."""
        held = b""
        for block in blocks:
            self._size += len(block)
            data = held + block
            end = data.rfind(b"\n") + 1
            held = data[end:]
            if end:
                left = yield from self._whole(data[:end], last=False)
                held = left + held
            if len(held) > MAX_LINE_BYTES:
                yield from self._overlong(held)
                held = b"#!"  # what follows belongs to the line that was given up
        if held:
            yield from self._whole(held if held.endswith(b"\n") else held + b"\n", last=True)
        if self._bad > MAX_LISTED:
            more = self._bad - MAX_LISTED
            yield Skipped(self._source, None, "more lines that do not fit their columns", more)

    def _overlong(self, held: bytes) -> Iterator[Skipped]:
        if not held.startswith(b"#"):
            reason = f"a line longer than {MAX_LINE_BYTES} bytes"
            yield Skipped(self._source, self._line, reason, 1)

    def _whole(self, data: bytes, last: bool) -> Generator[CsvBatch | Skipped, None, bytes]:
        """Cut whole lines; returns the lines of a record that goes on in the next block."""
        data = data.replace(b"\r", b"")
        if b"\0" in data:  # a copy of a log that was open, with room not yet written
            data = data.replace(b"\0", b"")
        if codecs.BOM_UTF8 in data:  # logs that were put together into one file
            data = without_marks(data)
        lines = Lines.of(data)
        spans = _Spans(lines)
        at = 0
        for head in [*lines.unusual(), lines.count]:
            if head < lines.count and (
                head < at or not self._is_header(lines, head) or spans.hold(at, head, self._known)
            ):
                continue  # such as the second line of a record with line breaks
            if head > at:
                left = yield from self._records(lines.part(at, head), last or head < lines.count)
                if left is not None:
                    self._line += left
                    return data[lines.starts[at + left] :]
            self._line += head - at + (head < lines.count)
            if head < lines.count:
                self._bind(lines.line(head))
            at = head + 1
        return b""

    def _is_header(self, lines: Lines, index: int) -> bool:
        previous = lines.line(index - 1) if index else b"#"
        return is_header(lines.line(index), previous, self._known.columns)

    def _bind(self, line: bytes) -> None:
        self._known = self._known.bound(column_names(line))

    def _records(self, part: Lines, last: bool) -> Generator[CsvBatch | Skipped, None, int | None]:
        """Cut lines without headers; returns the line that begins a record left for later."""
        good = part.fitting(len(self._known.columns))
        former = part.fitting(len(self._known.former))
        if former.sum() > good.sum():
            # What looked like a header was none: a value with line breaks may hold anything.
            self._known, good = Known(self._known.former, self._known.columns), former
        if good.all():
            yield self._batch(part.whole(), range(self._line, self._line + part.count))
            return None
        run = _Run()
        joins = Joins(part, len(self._known.columns))
        at = 0
        while at < part.count:
            taken, record = (1, part.line(at)) if good[at] else joins.record(at, last)
            if taken == 0:
                yield from self._flush(run)
                return at
            if record is not None:
                run.lines.append(record)
                run.numbers.append(self._line + at)
            elif part.line(at).strip():
                yield from self._misfit(part.line(at), self._line + at)
            at += taken
        yield from self._flush(run)
        return None

    def _misfit(self, line: bytes, number: int) -> Iterator[Skipped]:
        self._bad += 1
        if self._bad > MAX_LISTED:
            return
        values = len(split(text_of(line)))
        reason = (
            f"{values} values for {len(self._known.columns)} columns"
            if self._known.columns
            else "no line with the names of the columns before this line"
        )
        yield Skipped(self._source, number, reason, 1)

    def _flush(self, run: _Run) -> Iterator[CsvBatch]:
        if run.lines:
            yield self._batch(b"\n".join(run.lines), run.numbers)

    def _batch(self, body: bytes, numbers: Sequence[int]) -> CsvBatch:
        size, self._size = self._size, 0
        return CsvBatch((self._source, self._layout, size), self._known.columns, body, numbers)


def columns_before(stream: BinaryIO, start: int) -> tuple[Known, int, int]:
    """The columns that hold at the first record that begins at or after byte `start`.

    Also its 1-based line number and its offset; the stream stands there.
    """
    known = NOTHING_KNOWN
    inside = False
    line, offset, previous = 1, 0, b"#"
    stream.seek(0)
    while text := stream.readline(MAX_LINE_BYTES):
        if offset >= start and begins_record(text):
            break
        plain = text.strip().removeprefix(codecs.BOM_UTF8)
        if begins_with_time(plain):
            inside = False
        header_like = not inside and (plain[:1] == b"#" or plain[:1].isalpha())
        if header_like and is_header(plain, previous, known.columns):
            known = known.bound(column_names(plain))
        inside ^= plain.count(b'"') % 2 == 1  # a record goes on while a quotation mark is open
        previous = plain
        offset += len(text)
        line += text.endswith(b"\n")
    stream.seek(offset)
    return known, line, offset


def range_blocks(stream: BinaryIO, offset: int, end: int | None) -> Iterator[bytes]:
    """The bytes from `offset` to the first record that begins at or after byte `end`."""
    block = b"\n"
    while end is None or offset < end:
        block = stream.read(BLOCK_BYTES if end is None else min(BLOCK_BYTES, end - offset))
        if not block:
            return
        yield block
        offset += len(block)
    if not block.endswith(b"\n"):
        yield stream.readline(MAX_LINE_BYTES)
    # Lines that begin no record belong to the record before them.
    while (line := stream.readline(MAX_LINE_BYTES)) and not begins_record(line):
        yield line
