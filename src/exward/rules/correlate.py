"""Correlations: what the hits of several records say together.

Hits come in the order of time and are read once. Memory is bounded by the hits inside open
windows, and these by a limit; a correlation that had to give up hits says so with a `Skipped`.
The exact meaning of each type is in docs/sigma.md.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import TopologicalSorter

from exward.model.skipped import Skipped
from exward.rules.correlate_measures import NUMERIC
from exward.rules.correlate_windows import Held, Windows
from exward.rules.hits import CorrelationMatch, Hit
from exward.rules.ir import Correlation, CorrelationType

MAX_OPEN_HITS = 500_000
"""Hits inside open windows, over all correlations; each gets an equal share."""

_Listeners = Mapping[str, Sequence[Windows]]


def correlate(
    correlations: Sequence[Correlation], hits: Iterable[Hit], limit: int = MAX_OPEN_HITS
) -> Iterator[CorrelationMatch | Skipped]:
    """Yield each match when it has ended, then one `Skipped` for each correlation at its limit.

    `hits` are sorted by (time, server, rule, evidence); ValueError if time goes back. `limit`
    bounds the hits that are kept at a time. Correlations may refer to each other, not in a circle
    (graphlib.CycleError), and each must pass `problem` (else ValueError).
    """
    share = max(1, limit // max(1, len(correlations)))
    windows = [Windows(entry, share) for entry in _lower_first(correlations)]
    listeners: dict[str, list[Windows]] = {}
    for window in windows:
        for rule in dict.fromkeys(window.correlation.rules):
            listeners.setdefault(rule, []).append(window)
    clock: list[int] = []
    latest: int | None = None
    for hit in hits:
        if latest is not None and hit.time < latest:
            raise ValueError(f"hits must be sorted by time: {hit.time} comes after {latest}")
        if latest != hit.time:
            yield from _run_clock(clock, hit.time, windows, listeners)
            latest = hit.time
        for window in listeners.get(hit.rule, ()):
            window.add(hit, clock)
    yield from _run_clock(clock, None, windows, listeners)
    for window in windows:
        window.close()
        yield from _ended(window)
    for window in windows:
        if window.lost:
            yield _given_up(window, share)


def problem(correlation: Correlation) -> str:
    """Why `correlate` cannot use a correlation, as a sentence for its author; "" if it can."""
    counts_values = correlation.type is CorrelationType.VALUE_COUNT
    if (counts_values or correlation.type in NUMERIC) and not correlation.field:
        return "the correlation's condition needs a field"
    if correlation.type in NUMERIC and len(correlation.field) > 1:
        return "the correlation's condition takes one field"
    if correlation.type is CorrelationType.VALUE_PERCENTILE and not (
        0 <= correlation.percentile <= 100
    ):
        return "the percentile must be from 0 to 100"
    if correlation.timespan_s <= 0:
        return "the timespan must be longer than nothing"
    try:
        Windows(correlation, 1)
    except ValueError as error:
        return str(error)
    return ""


def _lower_first(correlations: Sequence[Correlation]) -> list[Correlation]:
    """Each correlation after those it refers to."""
    known = {entry.meta.id: entry for entry in correlations}
    graph = {key: [rule for rule in known[key].rules if rule in known] for key in sorted(known)}
    return [known[key] for key in TopologicalSorter(graph).static_order()]


def _run_clock(
    clock: list[int], until: int | None, windows: Sequence[Windows], listeners: _Listeners
) -> Iterator[CorrelationMatch]:
    """Judge all windows that are due before `until` (None: all there are), in order of time."""
    while clock and (until is None or clock[0] < until):
        now = heapq.heappop(clock)
        while clock and clock[0] == now:
            heapq.heappop(clock)
        for window in windows:
            for held in window.judge(now):
                _tell(held, listeners.get(held.hit.rule, ()), clock)
            yield from _ended(window)


def _tell(held: Held, listeners: Sequence[Windows], clock: list[int]) -> None:
    """Pass on that a correlation holds: to count bursts once each, to order events each time."""
    for listener in listeners:
        if held.fresh or listener.temporal:
            listener.add(held.hit, clock)


def _ended(window: Windows) -> Iterator[CorrelationMatch]:
    yield from window.ended
    window.ended.clear()


def _given_up(window: Windows, share: int) -> Skipped:
    meta = window.correlation.meta
    return Skipped(
        source=meta.path or meta.id,
        position=None,
        reason=(
            f"correlation {meta.title!r}: more than {share} hits inside its timespan;"
            " the longest silent groups were given up, so matches may be missing."
            " Shorten the timespan or make its rules narrower"
        ),
        count=window.lost,
    )
