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
    """Finds literals, which it knows by their index in the list it was made from."""

    def find(self, data: bytes) -> list[int]:
        """Indices of the literals that occur in `data`, each once."""

    def find_all(self, data: bytes) -> list[tuple[int, int]]:
        """(index, end offset) of occurrences; at least one for each line and literal."""


def engine() -> str:
    """Name of the engine in use."""
    return "hyperscan" if hyperscan is not None else "re2"


def scanner(literals: Sequence[bytes]) -> Scanner:
    """A scanner for the literals: not empty, no NUL in them."""
    return _Hyperscan(literals) if hyperscan is not None else _Re2(literals)


class _Hyperscan:
    """Two databases, made when first used: one occurrence of each literal, or all of them."""

    def __init__(self, literals: Sequence[bytes]) -> None:
        self._literals = [re.escape(literal) for literal in literals]
        self._once: hyperscan.Database | None = None
        self._every: hyperscan.Database | None = None

    def find(self, data: bytes) -> list[int]:
        if self._once is None:
            self._once = self._compile(hyperscan.HS_FLAG_SINGLEMATCH)
        found: list[int] = []
        self._once.scan(data, match_event_handler=_note_index, context=found)
        return found

    def find_all(self, data: bytes) -> list[tuple[int, int]]:
        if self._every is None:
            self._every = self._compile(0)
        found: list[tuple[int, int]] = []
        self._every.scan(data, match_event_handler=_note_place, context=found)
        return found

    def _compile(self, flag: int) -> hyperscan.Database:
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        count = len(self._literals)
        database.compile(
            expressions=self._literals,
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
    def __init__(self, literals: Sequence[bytes]) -> None:
        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        options.case_sensitive = False
        options.log_errors = False
        options.max_mem = 1 << 30
        self._set = re2.Set.SearchSet(options)
        for literal in literals:
            self._set.Add(re.escape(literal))
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
