"""Where things stand on a time axis, in per cent of its width, for the report's drawings.

The drawings are SVG without a view box: per cent across, pixels down, so that text keeps its
size on every screen and no inline style is needed (the page's policy forbids it).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from math import log1p
from typing import TYPE_CHECKING

from exward.model.severity import Severity
from exward.reports.visible import duration, utc_span, utc_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from exward.model.coverage import Gap, SourceCoverage
    from exward.model.finding import Finding

SECOND = 1_000_000
EARLIEST, LATEST = 631_152_000 * SECOND, 4_102_444_800 * SECOND
"""1990 to 2100: a forged time outside of it would squeeze the rest into one pixel."""

BINS = 160
LANE = 26
"""Height of one severity's lane in pixels."""

MAX_TICKS = 8
LAST_TICK = 91
"""Per cent; the label of a later one would stand outside of the drawing."""

MAX_BARS = 200
_STEPS_S = (
    1, 5, 15, 30, 60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 172_800, 432_000,
    864_000, 1_728_000, 2_592_000, 7_776_000, 31_536_000, 157_680_000, 630_720_000,
)  # fmt: skip
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Axis:
    """A stretch of time, µs UTC, `end` after `start`."""

    start: int
    end: int

    def place(self, time: int) -> float:
        """Per cent of the axis' width at which `time` stands, 0 to 100."""
        share = (time - self.start) / (self.end - self.start)
        return round(min(max(share, 0.0), 1.0) * 100, 3)


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where (per cent) and what stands there."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch on an axis, per cent, with the words for it."""

    x: float
    width: float
    title: str


@dataclass(frozen=True, slots=True)
class Spike:
    """How many findings of one severity fall into one bin of the time axis."""

    x: float
    width: float
    y: float
    height: float
    severity: Severity
    title: str


def is_chartable(time: int | None) -> bool:
    """Say whether a time can stand on a drawing."""
    return time is not None and EARLIEST <= time < LATEST


def axis_over(times: Iterable[int | None]) -> Axis | None:
    """Return the axis that holds all chartable times, None if there is none."""
    good = [time for time in times if time is not None and is_chartable(time)]
    if not good:
        return None
    start, end = min(good), max(good)
    margin = max((end - start) // 50, 60 * SECOND)
    return Axis(start - margin, end + margin)


def ticks(axis: Axis) -> list[Tick]:
    """At most `MAX_TICKS` round times; date and year are written where they are new."""
    span_s = (axis.end - axis.start) // SECOND
    step = next((step for step in _STEPS_S if span_s / step <= MAX_TICKS), _STEPS_S[-1]) * SECOND
    times = range(-(-axis.start // step) * step, axis.end, step)
    marks: list[Tick] = []
    last = ""
    for time in times:
        place, text = axis.place(time), utc_time(time)
        if place <= LAST_TICK:
            marks.append(Tick(place, _label(text, step, last)))
            last = text
    return marks


def _label(text: str, step: int, last: str) -> str:
    date = f"{int(text[8:10])} {_MONTHS[int(text[5:7]) - 1]}"
    if step >= 86_400 * SECOND:
        return date if text[:4] == last[:4] else f"{date} {text[:4]}"
    clock = text[11:19] if step < 60 * SECOND else text[11:16]
    return clock if text[:10] == last[:10] else f"{date} {clock}"


def spikes(findings: Sequence[Finding], axis: Axis) -> list[Spike]:
    """Count findings per severity and bin; heights grow with the logarithm of the count."""
    counts: Counter[tuple[Severity, int]] = Counter()
    for finding in findings:
        if finding.first is not None and is_chartable(finding.first):
            place = int((finding.first - axis.start) * BINS // (axis.end - axis.start))
            counts[finding.severity, place] += 1
    most = log1p(max(counts.values(), default=1))
    return [_spike(axis, severity, place, count, most) for (severity, place), count
            in sorted(counts.items(), key=lambda item: (-item[0][0].rank, item[0][1]))]  # fmt: skip


def _spike(axis: Axis, severity: Severity, place: int, count: int, most: float) -> Spike:
    lane = Severity.CRITICAL.rank - severity.rank
    height = round(6 + (LANE - 10) * log1p(count) / most, 1)
    span = (axis.end - axis.start) // BINS
    start = axis.start + place * span
    title = f"{count:,} {severity}, {utc_span(start, start + span)}"
    y = round((lane + 1) * LANE - 2 - height, 1)
    return Spike(round(place * 100 / BINS, 3), 0.5, y, height, severity, title)


def covered(sources: Sequence[SourceCoverage]) -> list[tuple[int, int]]:
    """Merge the times in which at least one source of a log speaks, gaps taken out."""
    spans: list[tuple[int, int]] = []
    for source in sources:
        if source.first is None or source.last is None:
            continue
        start = source.first
        for gap in sorted(source.gaps, key=lambda one: (one.start, one.end)):
            spans.append((start, max(start, gap.start)))
            start = max(start, gap.end)
        spans.append((start, max(start, source.last)))
    return _merged(spans, 0)


def _merged(spans: Iterable[tuple[int, int]], tolerance: int) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1] + tolerance:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def bars(spans: Sequence[tuple[int, int]], axis: Axis) -> list[Bar]:
    """Draw covered stretches; what lies closer together than the eye can see becomes one."""
    near = (axis.end - axis.start) // MAX_BARS
    return [_bar(axis, start, end, "") for start, end in _merged(spans, near)]


def gap_bars(gaps: Iterable[Gap], spans: Sequence[tuple[int, int]], axis: Axis) -> list[Bar]:
    """Mark the gaps in which no other file of the same log speaks, the longest ones first."""
    starts = [start for start, _ in spans]
    silent = []
    for gap in sorted(set(gaps), key=lambda one: (one.start - one.end, one.start)):
        index = bisect_right(starts, gap.start) - 1
        if index < 0 or spans[index][1] < gap.end:
            silent.append(gap)
    return [
        _bar(axis, gap.start, gap.end, f"{duration(gap.end - gap.start)} of silence: ")
        for gap in silent[:MAX_BARS]
    ]


def _bar(axis: Axis, start: int, end: int, words: str) -> Bar:
    left, right = axis.place(start), axis.place(end)
    width = max(right - left, 0.3)
    return Bar(min(left, 99.7), round(width, 3), f"{words}{utc_span(start, end)}")
