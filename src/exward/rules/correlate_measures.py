"""What a correlation measures in the window of one group, kept up to date hit by hit.

Each measure takes hits in and out and answers at once; none looks at the whole window again.
Numbers are exact (`int`, `Fraction`), so that a sum does not depend on the way it came about.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

from exward.rules.correlate_expression import Alternative, alternatives
from exward.rules.ir import Correlation, CorrelationType

Number = int | Fraction
Payload = str | tuple[str, ...] | Number
"""What a measure takes of a hit: the rule's id, the values to tell apart, or the number."""

ORDERED = {CorrelationType.TEMPORAL_ORDERED, CorrelationType.EXTENDED_TEMPORAL_ORDERED}
EXTENDED = {CorrelationType.EXTENDED_TEMPORAL, CorrelationType.EXTENDED_TEMPORAL_ORDERED}
TEMPORAL = {CorrelationType.TEMPORAL, *ORDERED, *EXTENDED}
NUMERIC = {
    CorrelationType.VALUE_SUM,
    CorrelationType.VALUE_AVG,
    CorrelationType.VALUE_PERCENTILE,
    CorrelationType.VALUE_MEDIAN,
}
_NEVER = -(2**63)
_INTEGER = re.compile(r"[+-]?[0-9]{1,30}\Z")
_HEXADECIMAL = re.compile(r"0[xX][0-9a-fA-F]{1,16}\Z")
# An exact 1e9999 would have ten thousand digits; a hundred are more than any log counts.
_DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,2})?\Z")
_MAX_NUMBER_CHARS = 64
_RUN = 1024
"""Numbers in a run of `Ranked` before it is cut in two."""


class Measure(Protocol):
    """State of one group's window."""

    def add(self, time: int, payload: Payload) -> None:
        """Take a hit in; times (microseconds) never go back."""

    def drop(self, payload: Payload) -> None:
        """Take the oldest hit out again."""

    def value(self, since: int) -> Number:
        """Measure the hits taken in and not dropped; none of them is before `since`."""


def measure_for(correlation: Correlation) -> Measure:
    """A fresh measure of the correlation's kind."""
    kind = correlation.type
    if kind is CorrelationType.EVENT_COUNT:
        return Count()
    if kind is CorrelationType.VALUE_COUNT:
        return Distinct()
    if kind is CorrelationType.VALUE_SUM:
        return Sum()
    if kind is CorrelationType.VALUE_AVG:
        return Average()
    if kind is CorrelationType.VALUE_MEDIAN:
        return Median()
    if kind is CorrelationType.VALUE_PERCENTILE:
        return Percentile(share=Fraction(correlation.percentile) / 100)
    return sightings_of(correlation)


def number_of(text: str) -> Number | None:
    """The number that a field's text is (decimal or 0x…), or None."""
    if len(text) > _MAX_NUMBER_CHARS:
        return None
    if _INTEGER.match(text):
        return int(text)
    if _HEXADECIMAL.match(text):
        return int(text, 16)
    if _DECIMAL.match(text):
        return Fraction(text)
    return None


@dataclass(slots=True)
class Count:
    """How many hits."""

    hits: int = 0

    def add(self, time: int, payload: Payload) -> None:
        """Take a hit in."""
        self.hits += 1

    def drop(self, payload: Payload) -> None:
        """Take a hit out."""
        self.hits -= 1

    def value(self, since: int) -> Number:
        """Number of hits."""
        return self.hits


@dataclass(slots=True)
class Distinct:
    """How many different values."""

    seen: Counter[Payload] = field(default_factory=Counter)

    def add(self, time: int, payload: Payload) -> None:
        """Take a value in."""
        self.seen[payload] += 1

    def drop(self, payload: Payload) -> None:
        """Take a value out."""
        self.seen[payload] -= 1
        if not self.seen[payload]:
            del self.seen[payload]

    def value(self, since: int) -> Number:
        """Number of different values."""
        return len(self.seen)


@dataclass(slots=True)
class Sum:
    """The sum of numbers."""

    total: Number = 0
    hits: int = 0

    def add(self, time: int, payload: Payload) -> None:
        """Take a number in."""
        self.total += _number(payload)
        self.hits += 1

    def drop(self, payload: Payload) -> None:
        """Take a number out."""
        self.total -= _number(payload)
        self.hits -= 1

    def value(self, since: int) -> Number:
        """Sum of the numbers."""
        return self.total


@dataclass(slots=True)
class Average(Sum):
    """The mean of numbers."""

    def value(self, since: int) -> Number:
        """Mean of the numbers; 0 of none."""
        return Fraction(self.total) / self.hits if self.hits else 0


@dataclass(slots=True)
class Ranked:
    """Numbers in ascending order, in short runs, so that no insertion moves many of them."""

    runs: list[list[Number]] = field(default_factory=list)
    hits: int = 0

    def add(self, time: int, payload: Payload) -> None:
        """Take a number in."""
        number = _number(payload)
        self.hits += 1
        if not self.runs:
            self.runs.append([number])
            return
        at = self._run(number)
        run = self.runs[at]
        insort(run, number)
        if len(run) > _RUN:
            half = len(run) // 2
            self.runs[at : at + 1] = [run[:half], run[half:]]

    def drop(self, payload: Payload) -> None:
        """Take a number out."""
        number = _number(payload)
        self.hits -= 1
        at = self._run(number)
        run = self.runs[at]
        del run[bisect_left(run, number)]
        if not run:
            del self.runs[at]

    def _run(self, number: Number) -> int:
        """Index of the first run whose greatest number is not below `number`, or of the last."""
        at = bisect_left(self.runs, number, key=lambda run: run[-1])
        return min(at, len(self.runs) - 1)

    def at(self, rank: int) -> Number:
        """The number at place `rank`, from 0."""
        for run in self.runs:
            if rank < len(run):
                return run[rank]
            rank -= len(run)
        raise IndexError(rank)


@dataclass(slots=True)
class Median(Ranked):
    """The middle number, or the mean of the two middle ones."""

    def value(self, since: int) -> Number:
        """Median; 0 of none."""
        if not self.hits:
            return 0
        return Fraction(self.at((self.hits - 1) // 2) + self.at(self.hits // 2)) / 2


@dataclass(slots=True)
class Percentile(Ranked):
    """Nearest rank: the smallest number that at least `share` (0 to 1) of them do not exceed."""

    share: Fraction = Fraction(1)

    def value(self, since: int) -> Number:
        """Percentile; 0 of none."""
        if not self.hits:
            return 0
        return self.at(min(max(math.ceil(self.share * self.hits), 1), self.hits) - 1)


@dataclass(slots=True)
class Chain:
    """Whether rules were seen one after the other; `place` numbers them from 0.

    `starts[i]` is the latest time at which a run through the first i + 1 rules began, whichever
    way it went on; so "all of them in order since T" is `starts[-1] >= T`. Rules that share a
    time may stand in either order: the evidence does not tell.
    """

    place: dict[str, int]
    starts: list[int]
    seen: list[int]

    def add(self, time: int, rule: str) -> None:
        """Take a hit of `rule` in."""
        at = self.place.get(rule)
        if at is None:
            return
        self.seen[at] = time
        if at == 0:
            self.starts[0] = time
            at += 1
        while at < len(self.seen) and self.seen[at] == time:
            self.starts[at] = max(self.starts[at], self.starts[at - 1])
            at += 1

    def length(self, since: int) -> int:
        """How many of the first rules were seen in order since `since`."""
        return sum(start >= since for start in self.starts)


def chain_of(rules: Sequence[str]) -> Chain:
    """An empty chain through the rules, each of which is named once."""
    place = {rule: index for index, rule in enumerate(rules)}
    return Chain(place, [_NEVER] * len(place), [_NEVER] * len(place))


@dataclass(slots=True)
class Sightings:
    """Which rules were seen when; nothing has to be dropped, as only the latest times count.

    `ways` are the alternatives of an extended condition, `chains` one chain for each (just one,
    through all rules, without such a condition).
    """

    ordered: bool
    ways: tuple[Alternative, ...]
    chains: tuple[Chain, ...]
    latest: dict[Payload, int] = field(default_factory=dict)

    def add(self, time: int, payload: Payload) -> None:
        """Take a hit of the rule `payload` in."""
        self.latest[payload] = time
        if not self.ordered:
            return
        for chain in self.chains:
            chain.add(time, str(payload))

    def drop(self, payload: Payload) -> None:
        """Nothing to do: a rule's latest hit is what counts."""

    def value(self, since: int) -> Number:
        """How many rules were seen; if order matters, how many of the first ones in order."""
        if self.ordered and not self.ways:
            return self.chains[0].length(since)
        return sum(time >= since for time in self.latest.values())

    def meets(self, since: int, around: int) -> bool:
        """Say if an alternative's rules occur since `since`, and its others not since `around`."""
        return any(
            self._present(way, chain, since)
            and all(self.latest.get(rule, _NEVER) < around for rule in way.absent)
            for way, chain in zip(self.ways, self.chains, strict=True)
        )

    def _present(self, way: Alternative, chain: Chain, since: int) -> bool:
        if self.ordered:
            return chain.length(since) == len(way.present)
        return all(self.latest.get(rule, _NEVER) >= since for rule in way.present)


def sightings_of(correlation: Correlation) -> Sightings:
    """A fresh measure for a temporal correlation; raises ValueError if its condition is wrong."""
    ways = ways_of(correlation)
    paths = [[rule for rule in correlation.rules if rule in way.present] for way in ways]
    chains = tuple(chain_of(path) for path in paths or [list(correlation.rules)])
    return Sightings(correlation.type in ORDERED, ways, chains)


def ways_of(correlation: Correlation) -> tuple[Alternative, ...]:
    """The alternatives of an extended condition, else none. Raises ValueError."""
    if correlation.type not in EXTENDED:
        return ()
    return alternatives(correlation.expression, correlation.rules)


def _number(payload: Payload) -> Number:
    if isinstance(payload, int | Fraction):
        return payload
    raise TypeError(f"{payload!r} is no number")
