"""An incident on a time axis: one lane for each stage (and server), one mark for each finding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exward.reports.html_chart import Axis, Bar, Tick, axis_over, is_chartable, ticks
from exward.reports.visible import duration, utc_span, utc_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from exward.model.finding import Finding, Grade
    from exward.model.stage import Stage

LANE_PX = 24
MAX_LANES = 40
MAX_MARKS = 400
LONG_PAUSE = 0.15
"""A pause without any finding is drawn if it takes this share of the axis."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One finding: from where to where (per cent of the axis), and the words for it."""

    x: float
    width: float
    grade: Grade
    title: str


@dataclass(frozen=True, slots=True)
class Lane:
    """The findings of one stage on one server; `server` is "" if the incident has only one."""

    stage: Stage
    server: str
    y: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole drawing; heights in pixels."""

    ticks: tuple[Tick, ...]
    lanes: tuple[Lane, ...]
    pauses: tuple[Bar, ...]
    height: int


def timeline(findings: Iterable[Finding]) -> Timeline | None:
    """Draw the findings that carry a time; None if fewer than two moments are known."""
    timed = [finding for finding in findings if is_chartable(finding.first)]
    axis = axis_over(time for one in timed for time in (one.first, one.last))
    if axis is None or len({finding.first for finding in timed}) < 2:
        return None
    several = len({finding.server for finding in timed}) > 1
    rows = sorted({(f.stage.order, f.server if several else "") for f in timed})[:MAX_LANES]
    lanes = tuple(
        _lane(
            axis,
            place,
            [f for f in timed if f.stage.order == order and server in {"", f.server}],
            server,
        )
        for place, (order, server) in enumerate(rows)
    )
    return Timeline(tuple(ticks(axis)), lanes, tuple(_pauses(timed, axis)), len(lanes) * LANE_PX)


def _lane(axis: Axis, place: int, findings: Sequence[Finding], server: str) -> Lane:
    marks = [_mark(axis, finding) for finding in findings[:MAX_MARKS]]
    return Lane(findings[0].stage, server, (place + 0.5) * LANE_PX, tuple(marks))


def _mark(axis: Axis, finding: Finding) -> Mark:
    first = finding.first or 0
    left = axis.place(first)
    right = axis.place(first if finding.last is None else finding.last)
    words = f"{utc_time(finding.first)}  {finding.title}"
    return Mark(left, round(max(right - left, 0.0), 3), finding.grade, words)


def _pauses(findings: Sequence[Finding], axis: Axis) -> list[Bar]:
    """Stretches in which nothing was found: an attacker who waits, or a log that is silent."""
    spans = sorted(
        (finding.first, finding.first if finding.last is None else finding.last)
        for finding in findings
        if finding.first is not None
    )
    pauses, end = [], spans[0][1]
    for first, last in spans[1:]:
        if first - end > LONG_PAUSE * (axis.end - axis.start):
            left, right = axis.place(end), axis.place(first)
            words = f"{duration(first - end)} without a finding, {utc_span(end, first)}"
            pauses.append(Bar(left, round(right - left, 3), words))
        end = max(end, last)
    return pauses
