"""Finds where records end whose quoted values hold line breaks.

What a line does when it is read from inside a quoted value does not depend on the lines before it:
each line is looked at once, however many opened quotation marks stand before it.
"""

from __future__ import annotations

from exward.formats.exchange_csv_lines import Lines
from exward.formats.exchange_csv_values import begins_with_time, ended, fitting
from exward.formats.url_readings import text_of

MAX_SPAN_LINES = 500
MAX_SPAN_BYTES = 256 * 1024
"""A record with line breaks inside is no longer than this."""


class Joins:
    """Joins the lines of one part, whose records have so many columns."""

    def __init__(self, part: Lines, columns: int) -> None:
        self._part = part
        self._columns = columns
        self._stops: list[int] = []
        self._closing: list[int] = []
        self._steps: dict[int, tuple[int, bool]] = {}

    def record(self, at: int, last: bool) -> tuple[int, bytes | None]:
        """How many lines the record at `at` takes, and the record; 0: it may go on later.

        None for a line that is no record. `last`: nothing comes behind this part.
        """
        columns = self._columns
        if not columns:
            return 1, None
        line = self._part.line(at)
        alone = line if fitting(text_of(line), columns) is not None else None
        values, is_open = ended(text_of(line))
        if not is_open or values >= columns:
            return 1, alone
        end = self._end(at, values)
        if end is None:
            return 1, alone
        if end == self._part.count:
            return (1, alone) if last else (0, None)
        joined = b" ".join(self._part.line(number) for number in range(at, end + 1))
        return end + 1 - at, joined

    def _end(self, at: int, values: int) -> int | None:
        """The last line of the record; the number of lines if it goes on; None if there is none.

        `values`: how many end in its first line.
        """
        if not self._stops:
            self._look()
        limit = min(self._stops[at + 1], at + 1 + MAX_SPAN_LINES)
        stop = self._closing[at + 1]
        while stop < limit and self._size(at, stop) <= MAX_SPAN_BYTES:
            step, is_open = self._step(stop)
            values += step
            if not is_open:
                return stop if values == self._columns else None
            if values >= self._columns:
                return None
            stop = self._closing[stop + 1]
        count = self._part.count
        fits = limit == count and self._size(at, count - 1) <= MAX_SPAN_BYTES
        return count if fits else None

    def _size(self, first: int, last: int) -> int:
        return int(self._part.ends[last] - self._part.starts[first])

    def _step(self, index: int) -> tuple[int, bool]:
        if index not in self._steps:
            self._steps[index] = ended(text_of(self._part.line(index)), inside=True)
        return self._steps[index]

    def _look(self) -> None:
        """For each line and the end: the next line that is a whole record, the next with a mark."""
        part = self._part
        self._stops, self._closing = [part.count], [part.count]
        for index in range(part.count - 1, -1, -1):
            line = part.line(index)
            whole = begins_with_time(line) and fitting(text_of(line), self._columns) is not None
            self._stops.append(index if whole else self._stops[-1])
            closing = bool(part.quotes[index]) and self._step(index)[0] > 0
            self._closing.append(index if closing else self._closing[-1])
        self._stops.reverse()
        self._closing.reverse()
