"""The lines of a block of an Exchange log, with the marks in each counted for all at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_ALL_BUT_MARKS = bytes(code for code in range(256) if code not in b'",\n')

Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a text, where they begin and end, and how many marks are in each."""

    data: bytes
    starts: Places
    ends: Places
    commas: Places
    quotes: Places

    @classmethod
    def of(cls, data: bytes) -> Lines:
        """Find the lines of a text that ends with a line feed."""
        ends = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == ord("\n"))
        starts = np.concatenate(([0], ends[:-1] + 1))
        return cls(data, starts, ends, *_marks(data))

    @property
    def count(self) -> int:
        """How many lines there are."""
        return len(self.ends)

    def part(self, first: int, stop: int) -> Lines:
        """Lines `first` to `stop` (not included), numbered from 0."""
        chosen = slice(first, stop)
        return Lines(
            self.data,
            self.starts[chosen],
            self.ends[chosen],
            self.commas[chosen],
            self.quotes[chosen],
        )

    def line(self, index: int) -> bytes:
        """A line without its line feed."""
        return self.data[self.starts[index] : self.ends[index]]

    def whole(self) -> bytes:
        """All lines, without the last line feed."""
        return self.data[self.starts[0] : self.ends[-1]]

    def unusual(self) -> list[int]:
        """Lines that begin neither with a digit nor with a quotation mark."""
        first = np.frombuffer(self.data, dtype=np.uint8)[self.starts]
        found: list[int] = np.flatnonzero((first == ord("#")) | (first >= ord("A"))).tolist()
        return found

    def fitting(self, columns: int) -> Flags:
        """Which lines have as many values as there are columns, by counting."""
        if columns < 2:
            return np.zeros(self.count, dtype=np.bool_)
        fits: Flags = (self.commas == columns - 1) & (self.quotes % 2 == 0)
        return fits


def _marks(data: bytes) -> tuple[Places, Places]:
    """For each line the commas outside of quotation marks, and the quotation marks.

    Lines with an odd number of marks are looked at one by one, so theirs may be counted wrongly.
    """
    reduced = np.frombuffer(data.translate(None, _ALL_BUT_MARKS), dtype=np.uint8)
    ends = np.flatnonzero(reduced == ord("\n"))
    starts = np.concatenate(([0], ends[:-1] + 1))
    quote = reduced == ord('"')
    comma = reduced == ord(",")
    quotes: Places = np.add.reduceat(quote, starts, dtype=np.int64)
    if quotes.any():
        inside = np.cumsum(quote, dtype=np.int64)
        before = np.concatenate(([0], inside[ends[:-1]]))
        comma &= (inside - np.repeat(before, ends - starts + 1)) % 2 == 0
    commas: Places = np.add.reduceat(comma, starts, dtype=np.int64)
    return commas, quotes
