"""The open windows of one correlation: group by group, hit by hit.

Which window is judged when (docs/sigma.md, "Correlations", says it with reasons):

- *trailing*: conditions that more hits can only help (`gt`, `gte`, all rules seen) are judged at
  each hit over the timespan that ends with it;
- *whole*: conditions that a later hit can undo (`lt`, `lte`, `eq`, `neq`) are judged when the
  timespan that a hit opened is over; hits inside it open none;
- *each*: conditions with `not` are judged one timespan after each hit, which opens a window.
"""

from __future__ import annotations

import heapq
import operator
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from itertools import islice
from typing import NamedTuple

from exward.model.finding import Evidence
from exward.rules.correlate_measures import (
    EXTENDED,
    NUMERIC,
    TEMPORAL,
    Measure,
    Number,
    Payload,
    Sightings,
    measure_for,
    number_of,
    ways_of,
)
from exward.rules.hits import CorrelationMatch, Hit
from exward.rules.ir import Correlation, CorrelationType

MAX_EVIDENCE = 20
MICROSECONDS = 1_000_000
_Key = tuple[str, ...]
_OPERATORS: dict[str, Callable[[Number, Number], bool]] = {
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
    "eq": operator.eq,
    "neq": operator.ne,
}


class Mode(Enum):
    """When a window is judged."""

    TRAILING = "trailing"
    WHOLE = "whole"
    EACH = "each"


class Entry(NamedTuple):
    """A hit inside a window."""

    time: int
    payload: Payload
    server: str
    evidence: Evidence


class Held(NamedTuple):
    """The condition held at this moment; what correlations of correlations see.

    `fresh` says that it did not hold just before: the first moment of a match.
    """

    hit: Hit
    fresh: bool


@dataclass(slots=True)
class _Match:
    """A match that may still go on; hits are numbered from `first_hit` to before `end_hit`."""

    first: int
    last: int
    until: int
    value: Number
    server: str
    first_hit: int
    end_hit: int
    evidence: list[Evidence]


@dataclass(slots=True)
class _Group:
    """Hits that share the `group-by` values and are at most one timespan apart."""

    names: _Key
    measure: Measure
    entries: deque[Entry]
    last: int
    total: int = 0
    """Hits so far; the oldest entry is number `total - len(entries)`."""
    opened: int | None = None
    """Time of the latest hit that opened a window."""
    match: _Match | None = None
    forgotten: bool = False


class _Due(NamedTuple):
    """A window to judge at `when`: the hits from `since` until then."""

    when: int
    since: int
    group: _Group


class Windows:
    """One correlation at work. At most `limit` hits are kept; `lost` counts those given up."""

    def __init__(self, correlation: Correlation, limit: int) -> None:
        """Raise ValueError if the correlation's condition is wrong."""
        self.correlation = correlation
        self.temporal = correlation.type in TEMPORAL
        self.mode = _mode(correlation)
        self.ended: list[CorrelationMatch] = []
        self.lost = 0
        self._limit = limit
        self._kept = 0
        self._span = correlation.timespan_s * MICROSECONDS
        self._bounds = _bounds(correlation)
        # In the order of their latest hit, so the longest silent one comes first.
        self._groups: dict[_Key, _Group] = {}
        self._due: deque[_Due] = deque()
        self._fields = {rule: _field_names(correlation, rule) for rule in correlation.rules}

    def add(self, hit: Hit, clock: list[int]) -> None:
        """Take in a hit (times never go back) and put on the heap `clock` when to judge it."""
        grouping, counted = self._fields[hit.rule]
        names = tuple(hit.values[name] for name in grouping if name in hit.values)
        payload = _payload(self.correlation, hit, counted)
        if len(names) < len(grouping) or payload is None:
            return
        group = self._group(names, hit.time)
        group.entries.append(Entry(hit.time, payload, hit.server, hit.evidence))
        group.measure.add(hit.time, payload)
        group.total += 1
        self._kept += 1
        if self._kept > self._limit:
            self._make_room(group)
        self._open(group, hit.time, clock)

    def judge(self, now: int) -> Iterator[Held]:
        """Judge the windows that are due now; afterwards close what has fallen silent."""
        while self._due and self._due[0].when <= now:
            due = self._due.popleft()
            if not due.group.forgotten:
                yield from self._judge(due)
        while self._groups:
            key, group = next(iter(self._groups.items()))
            if group.last + self._span >= now:
                return
            self._forget(key, group)

    def close(self) -> None:
        """End every match that is still going on; nothing more will come."""
        for key, group in list(self._groups.items()):
            self._forget(key, group)

    def _group(self, names: _Key, time: int) -> _Group:
        # Names of accounts and hosts do not differ by case on Windows.
        key = tuple(name.casefold() for name in names)
        group = self._groups.get(key)
        if group is not None and group.last + self._span < time:
            self._forget(key, group)
            group = None
        if group is None:
            group = _Group(names, measure_for(self.correlation), deque(), time)
        else:
            del self._groups[key]
        self._groups[key] = group
        group.last = time
        return group

    def _open(self, group: _Group, time: int, clock: list[int]) -> None:
        if group.opened == time:
            return
        inside = group.opened is not None and time <= group.opened + self._span
        if self.mode is Mode.WHOLE and inside:
            return
        group.opened = time
        if self.mode is Mode.TRAILING:
            due = _Due(time, time - self._span, group)
        else:
            due = _Due(time + self._span, time, group)
        self._due.append(due)
        heapq.heappush(clock, due.when)

    def _judge(self, due: _Due) -> Iterator[Held]:
        group, match = due.group, due.group.match
        while group.entries[0].time < due.since:
            self._drop_oldest(group)
        value = group.measure.value(due.since)
        if match is not None and self._over(match, due):
            self._end(group, match)
            match = None
        if not self._holds(group.measure, value, due.since):
            if match is not None and self.mode is Mode.WHOLE:
                self._end(group, match)
            return
        fresh = match is None
        if match is None:
            match = group.match = _started(group, value)
        else:
            _continued(match, group, value)
        match.until = due.when
        yield Held(self._as_hit(group, due.when), fresh)

    def _over(self, match: _Match, due: _Due) -> bool:
        """Windows that overlap belong to one match; whole windows never do, but may follow on."""
        return self.mode is not Mode.WHOLE and due.since > match.until

    def _holds(self, measure: Measure, value: Number, since: int) -> bool:
        if isinstance(measure, Sightings) and measure.ways:
            return measure.meets(since, since - self._span)
        return all(_OPERATORS[op](value, bound) for op, bound in self._bounds)

    def _as_hit(self, group: _Group, time: int) -> Hit:
        latest = group.entries[-1]
        values = dict(zip(self.correlation.group_by, group.names, strict=True))
        return Hit(self.correlation.meta.id, time, latest.server, values, latest.evidence)

    def _end(self, group: _Group, match: _Match) -> None:
        group.match = None
        self.ended.append(
            CorrelationMatch(
                rule=self.correlation.meta.id,
                group=tuple(zip(self.correlation.group_by, group.names, strict=True)),
                server=match.server,
                first=match.first,
                last=match.last,
                value=float(match.value),
                hits=match.end_hit - match.first_hit,
                evidence=tuple(match.evidence),
            )
        )

    def _forget(self, key: _Key, group: _Group) -> None:
        if group.match is not None:
            self._end(group, group.match)
        group.forgotten = True
        self._kept -= len(group.entries)
        del self._groups[key]

    def _drop_oldest(self, group: _Group) -> None:
        group.measure.drop(group.entries.popleft().payload)
        self._kept -= 1

    def _make_room(self, current: _Group) -> None:
        """Give up the longest silent group, or the oldest hit where there is but one group."""
        key, group = next(iter(self._groups.items()))
        if group is current:
            self._drop_oldest(group)
            self.lost += 1
        else:
            self.lost += len(group.entries)
            self._forget(key, group)


def _mode(correlation: Correlation) -> Mode:
    if correlation.type in EXTENDED:
        negated = any(way.absent for way in ways_of(correlation))
        return Mode.EACH if negated else Mode.TRAILING
    unknown = [op for op, _ in correlation.bounds if op not in _OPERATORS]
    if unknown:
        raise ValueError(f"the condition has the unknown comparison {unknown[0]!r}")
    rising = all(op in {"gt", "gte"} for op, _ in correlation.bounds)
    return Mode.TRAILING if rising else Mode.WHOLE


def _bounds(correlation: Correlation) -> tuple[tuple[str, Number], ...]:
    # Sigma: a temporal correlation without a condition wants all of its rules.
    if correlation.bounds or correlation.type in EXTENDED:
        # As written: 3.3, not the binary number next to it.
        return tuple((op, Fraction(repr(bound))) for op, bound in correlation.bounds)
    if correlation.type in TEMPORAL:
        return (("gte", len(set(correlation.rules))),)
    raise ValueError("the correlation has no condition such as `gte: 10`")


def _field_names(correlation: Correlation, rule: str) -> tuple[_Key, _Key]:
    """What `group-by` and `field` are called in the hits of one rule."""

    def own(name: str) -> str:
        return correlation.aliases.get(name, {}).get(rule, name)

    return tuple(own(n) for n in correlation.group_by), tuple(own(n) for n in correlation.field)


def _payload(correlation: Correlation, hit: Hit, fields: _Key) -> Payload | None:
    """What the measure takes of the hit; None: it has no value to measure."""
    if correlation.type in TEMPORAL:
        return hit.rule
    if correlation.type is CorrelationType.EVENT_COUNT:
        return ""
    values = tuple(hit.values[name] for name in fields if name in hit.values)
    if len(values) < len(fields):
        return None
    if correlation.type in NUMERIC:
        return number_of(values[0])
    return tuple(value.casefold() for value in values)


def _started(group: _Group, value: Number) -> _Match:
    oldest, latest = group.entries[0], group.entries[-1]
    return _Match(
        first=oldest.time,
        last=latest.time,
        until=latest.time,
        value=value,
        server=oldest.server,
        first_hit=group.total - len(group.entries),
        end_hit=group.total,
        evidence=[entry.evidence for entry in islice(group.entries, MAX_EVIDENCE)],
    )


def _continued(match: _Match, group: _Group, value: Number) -> None:
    match.last = group.entries[-1].time
    match.value = max(match.value, value)
    oldest = group.total - len(group.entries)
    wanted = MAX_EVIDENCE - len(match.evidence)
    if wanted > 0:
        begin = max(match.end_hit - oldest, 0)
        added = islice(group.entries, begin, begin + wanted)
        match.evidence += [entry.evidence for entry in added]
    match.end_hit = group.total
