"""Cuts a W3C log into blocks of whole lines that share one list of columns.

Whether every line has as many values as there are columns is checked by counting blanks over the
whole block; only a block that does not add up is looked at line by line.
"""

from __future__ import annotations

import codecs
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from exward.formats.text_encoding import without_marks
from exward.formats.w3c_batch import Place, W3cBatch
from exward.model.records import EventType
from exward.model.skipped import Skipped

BLOCK_BYTES = 1 << 20
MAX_LINE_BYTES = 1 << 20
MAX_LISTED = 20
"""Bad lines listed one by one in each share; the others are summed up."""

# Columns of IIS since version 8, in the order of a new site.
DEFAULT_COLUMNS = (
    "date",
    "time",
    "s-ip",
    "cs-method",
    "cs-uri-stem",
    "cs-uri-query",
    "s-port",
    "cs-username",
    "c-ip",
    "cs(User-Agent)",
    "cs(Referer)",
    "sc-status",
    "sc-substatus",
    "sc-win32-status",
    "time-taken",
)
_HEADER = re.compile(rb"^#[^\n]*\n?", re.MULTILINE)
_FIELDS = b"#Fields:"
_ALL_BUT_BLANKS = bytes(code for code in range(256) if code not in b" \n")


@dataclass(slots=True)
class Context:
    """What holds at a place in the file: where it is, which line comes, under which columns."""

    offset: int = 0
    line: int = 1
    columns: tuple[str, ...] = ()
    former: tuple[str, ...] = ()

    def bind(self, columns: tuple[str, ...]) -> None:
        """Take the columns that a header line names, if it names any."""
        if columns and columns != self.columns:
            self.columns, self.former = columns, self.columns


def context_before(stream: BinaryIO, start: int) -> Context:
    """The context of the first line that begins at or after byte `start`; the stream is there."""
    context = Context()
    stream.seek(0)
    tail = b""
    while context.offset < start:
        block = stream.read(min(4 * BLOCK_BYTES, start - context.offset))
        if not block:
            break
        context.offset += len(block)
        context.line += block.count(b"\n")
        _note_columns(context, (tail + block).removeprefix(codecs.BOM_UTF8))
        tail = block[-4096:]
    if start and not tail.endswith(b"\n"):
        rest = _rest_of_line(stream)
        _note_columns(context, tail[tail.rfind(b"\n") + 1 :] + rest)
        context.offset += len(rest)
        context.line += 1
    return context


def _note_columns(context: Context, text: bytes) -> None:
    """Note the columns of each header line that is whole."""
    at = 0 if text.startswith(_FIELDS) else text.find(b"\n" + _FIELDS) + 1
    while text.startswith(_FIELDS, at) and (end := text.find(b"\n", at)) >= 0:
        context.bind(_columns(text[at:end]))
        at = text.find(b"\n" + _FIELDS, end) + 1
        if not at:
            return


def _rest_of_line(stream: BinaryIO) -> bytes:
    rest = b""
    while block := stream.read(65_536):
        end = block.find(b"\n")
        if end >= 0:
            stream.seek(end + 1 - len(block), 1)
            return rest + block[: end + 1]
        rest = (rest + block)[-MAX_LINE_BYTES:]
    return rest


def _fits(data: bytes, count: int, columns: int) -> bool:
    """Whether each of `count` lines has as many values as there are columns (two at least)."""
    blanks = data.translate(None, _ALL_BUT_BLANKS).removesuffix(b"\n")
    line = b" " * (columns - 1)
    return columns > 1 and blanks == b"\n".join([line] * count)


def _columns(line: bytes) -> tuple[str, ...]:
    """The columns that a `#Fields:` line names; () if it is another line, or names none."""
    if not line.startswith(_FIELDS):
        return ()
    return tuple(line.removeprefix(_FIELDS).decode("utf-8", "replace").split())


class LineCutter:
    """Turns a stream of blocks into batches; knows the current columns and line number."""

    def __init__(self, source: str, event: EventType, context: Context) -> None:
        self._source = source
        self._event = event
        self._context = context
        self._line = context.line
        self._bad = 0

    def cut_range(self, stream: BinaryIO, end: int) -> Iterator[W3cBatch | Skipped]:
        """Read up to the end of the line in which byte `end - 1` lies."""
        yield from self.cut(self._blocks_until(stream, end))

    def _blocks_until(self, stream: BinaryIO, end: int) -> Iterator[bytes]:
        offset = self._context.offset
        last = b"\n"
        while offset < end and (block := stream.read(min(BLOCK_BYTES, end - offset))):
            yield block if offset else block.removeprefix(BOM_UTF8)
            offset += len(block)
            last = block
        if offset >= end and not last.endswith(b"\n"):
            yield _rest_of_line(stream)

    def cut(self, blocks: Iterable[bytes]) -> Iterator[W3cBatch | Skipped]:
        """Yield batches of whole lines in order, and what was not read."""
        held = b""
        for block in blocks:
            data = held + block
            end = data.rfind(b"\n") + 1
            held = data[end:]
            if end:
                yield from self._whole(data[:end])
            if len(held) > MAX_LINE_BYTES:
                yield from self._overlong(held)
                held = b"#!" + held[-1:] if not held.endswith(b"\n") else b""
        if held:
            yield from self._whole(held)
        if self._bad > MAX_LISTED:
            more = self._bad - MAX_LISTED
            yield Skipped(self._source, None, "more lines that do not fit their columns", more)

    def _overlong(self, held: bytes) -> Iterator[Skipped]:
        if not held.startswith(b"#"):
            reason = f"a line longer than {MAX_LINE_BYTES} bytes"
            yield Skipped(self._source, self._line, reason, 1)

    def _whole(self, data: bytes) -> Iterator[W3cBatch | Skipped]:
        """Cut whole lines at the header lines between them."""
        size = len(data)
        data = data.replace(b"\r", b"")
        if b"\0" in data:  # a copy of a log that was open, with room not yet written
            data = data.replace(b"\0", b"")
        if BOM_UTF8 in data:  # logs that were put together into one file
            data = without_marks(data)
        pending = size
        start = 0
        for header in _HEADER.finditer(data) if b"#" in data else ():
            for item in self._lines(data[start : header.start()], pending):
                pending = 0 if isinstance(item, W3cBatch) else pending
                yield item
            self._context.bind(_columns(header[0]))
            self._line += 1
            start = header.end()
        yield from self._lines(data[start:], pending)

    def _lines(self, data: bytes, size: int) -> Iterator[W3cBatch | Skipped]:
        body = data.removesuffix(b"\n")
        if not body:
            self._line += data.count(b"\n")
            return
        count = body.count(b"\n") + 1
        first = self._line
        self._line += count
        columns = self._context.columns
        if columns and _fits(data, count, len(columns)):
            numbers: Sequence[int] = range(first, first + count)
            yield W3cBatch(self._place(size), columns, body, numbers)
            return
        yield from self._one_by_one(body.split(b"\n"), first, size)

    def _one_by_one(
        self, lines: Sequence[bytes], first: int, size: int
    ) -> Iterator[W3cBatch | Skipped]:
        run = _Run()
        for number, line in enumerate(lines, start=first):
            if not line.strip():
                continue
            columns = self._fitting(line)
            if columns is None:
                yield from self._misfit(line, number)
                continue
            if columns != run.columns and run.lines:
                yield self._batch(run, size)
                run, size = _Run(), 0
            run.columns = columns
            run.lines.append(line)
            run.numbers.append(number)
        if run.lines:
            yield self._batch(run, size)

    def _fitting(self, line: bytes) -> tuple[str, ...] | None:
        values = line.count(b" ") + 1
        if self._context.columns:
            # A torn header, or a line that only looks like one, does not take the lines behind it.
            return next(
                (c for c in (self._context.columns, self._context.former) if values == len(c)), None
            )
        return DEFAULT_COLUMNS if values == len(DEFAULT_COLUMNS) else None

    def _misfit(self, line: bytes, number: int) -> Iterator[Skipped]:
        self._bad += 1
        if self._bad > MAX_LISTED:
            return
        values = line.count(b" ") + 1
        reason = (
            f"{values} values for {len(self._context.columns)} columns"
            if self._context.columns
            else "no #Fields line before this line, and not the default columns"
        )
        yield Skipped(self._source, number, reason, 1)

    def _place(self, size_bytes: int) -> Place:
        return Place(self._source, self._event, size_bytes)

    def _batch(self, run: _Run, size: int) -> W3cBatch:
        body = b"\n".join(run.lines)
        return W3cBatch(self._place(size), run.columns, body, run.numbers)


@dataclass(slots=True)
class _Run:
    """Lines in a row that share their columns."""

    columns: tuple[str, ...] = ()
    lines: list[bytes] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
