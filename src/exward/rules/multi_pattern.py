"""Looking for thousands of literals at once, ASCII letters without regard to case.

Hyperscan where it has a wheel; elsewhere RE2's pattern sets, with the same answers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

import re2

try:
    import hyperscan
except ImportError:  # no wheel for this platform
    hyperscan = None  # type: ignore[assignment]


class Scanner(Protocol):
    """Finds patterns, which it knows by their index in the list it was made from."""

    def find(self, data: bytes) -> list[int]:
        """Indices of the patterns that occur in `data`, each once."""

    def find_all(self, data: bytes) -> list[tuple[int, int]]:
        """(index, end offset) of occurrences; at least one for each line and pattern."""


def engine() -> str:
    """Name of the engine in use."""
    return "hyperscan" if hyperscan is not None else "re2"


def scanner(patterns: Sequence[bytes]) -> Scanner:
    """A scanner for patterns made by `literal` and `pair`."""
    return _Hyperscan(patterns) if hyperscan is not None else _Re2(patterns)


def literal(text: bytes) -> bytes:
    """A pattern for a literal: not empty, no NUL in it."""
    return re.escape(text)


def pair(some: Sequence[bytes], others: Sequence[bytes]) -> bytes:
    """A pattern for a line that holds one of the first and one of the second literals."""
    one, other = (b"(?:" + b"|".join(map(re.escape, texts)) + b")" for texts in (some, others))
    return b"%b[^\\n]*%b|%b[^\\n]*%b" % (one, other, other, one)


class _Hyperscan:
    """Two databases, made when first used: one occurrence of each pattern, or all of them.

    Patterns beyond what Hyperscan takes go to RE2.
    """

    def __init__(self, patterns: Sequence[bytes]) -> None:
        self._patterns = list(patterns)
        self._instead: _Re2 | None = None
        self._once: hyperscan.Database | None = None
        self._every: hyperscan.Database | None = None

    def find(self, data: bytes) -> list[int]:
        if self._once is None and self._instead is None:
            self._once = self._compiled(hyperscan.HS_FLAG_SINGLEMATCH)
        if self._once is None:
            return self._other().find(data)
        found: list[int] = []
        self._once.scan(data, match_event_handler=_note_index, context=found)  # type: ignore[arg-type]
        return found

    def find_all(self, data: bytes) -> list[tuple[int, int]]:
        if self._every is None and self._instead is None:
            self._every = self._compiled(0)
        if self._every is None:
            return self._other().find_all(data)
        found: list[tuple[int, int]] = []
        self._every.scan(data, match_event_handler=_note_place, context=found)  # type: ignore[arg-type]
        return found

    def _other(self) -> _Re2:
        if self._instead is None:
            self._instead = _Re2(self._patterns)
        return self._instead

    def _compiled(self, flag: int) -> hyperscan.Database | None:
        try:
            return self._compile(flag)
        except hyperscan.error:
            return None

    def _compile(self, flag: int) -> hyperscan.Database:
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        count = len(self._patterns)
        database.compile(
            expressions=self._patterns,
            ids=list(range(count)),
            elements=count,
            flags=[hyperscan.HS_FLAG_CASELESS | flag] * count,
        )
        database.scratch = hyperscan.Scratch(database)
        return database


def _note_index(index: int, _start: int, _end: int, _flags: int, found: list[int]) -> None:
    found.append(index)


def _note_place(
    index: int, _start: int, end: int, _flags: int, found: list[tuple[int, int]]
) -> None:
    found.append((index, end))


class _Re2:
    def __init__(self, patterns: Sequence[bytes]) -> None:
        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        options.case_sensitive = False
        options.log_errors = False
        options.max_mem = 1 << 30
        self._set = re2.Set.SearchSet(options)
        for pattern in patterns:
            self._set.Add(pattern)
        self._set.Compile()

    def find(self, data: bytes) -> list[int]:
        return self._set.Match(data) or []

    def find_all(self, data: bytes) -> list[tuple[int, int]]:
        found = []
        end = 0
        for line in data.splitlines(keepends=True) if self.find(data) else ():
            found += [(index, end + 1) for index in self.find(line)]
            end += len(line)
        return found
