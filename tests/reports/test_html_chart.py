"""Places on the time axis: round ticks, honest gaps, no drawing spoilt by a forged time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.model.coverage import Gap, SourceCoverage
from exward.reports.html_chart import (
    MAX_BARS,
    MAX_TICKS,
    Axis,
    axis_over,
    bars,
    covered,
    gap_bars,
    spikes,
    ticks,
)
from tests.reports.sample_result import DAY, SECOND, START, clean_case


def _source(first: int | None, last: int | None, *gaps: Gap) -> SourceCoverage:
    return SourceCoverage("a.log", "iis-w3c", "iis", "S", 1, 0, 1, first, last, gaps)


def test_axis_ignores_forged_and_missing_times() -> None:
    axis = axis_over([None, -(10**17), START, START + DAY, 10**18])
    assert axis is not None
    assert START - DAY < axis.start < START
    assert START + DAY < axis.end < START + 2 * DAY
    assert axis_over([None, 0]) is None


def test_one_moment_is_an_axis_too() -> None:
    axis = axis_over([START])
    assert axis is not None
    assert axis.place(START) == 50


@pytest.mark.parametrize(
    ("span", "labels"),
    [
        (8 * SECOND, ["5 Jan 02:14:09", "02:14:10"]),
        (3 * 3600 * SECOND, ["5 Jan 02:30", "03:00"]),
        (DAY, ["5 Jan 03:00", "06:00"]),
        (30 * DAY, ["7 Jan 2026", "12 Jan"]),
    ],
)
def test_ticks_are_round_and_name_the_day_once(span: int, labels: list[str]) -> None:
    marks = ticks(Axis(START, START + span))
    assert [mark.label for mark in marks[:2]] == labels
    assert len(marks) <= MAX_TICKS


@given(st.integers(631_152_000, 4_102_444_800), st.integers(1, 3_471_292_800))
def test_ticks_stay_on_the_axis(start: int, length: int) -> None:
    axis = Axis(start * SECOND, (start + length) * SECOND)
    assert all(0 <= mark.x <= 91 for mark in ticks(axis))


def test_spikes_count_every_finding_with_a_time() -> None:
    findings = [*clean_case().findings, replace(clean_case().findings[0], first=None)]
    axis = axis_over(finding.first for finding in findings)
    assert axis is not None
    drawn = spikes(findings, axis)
    assert sum(int(spike.title.split()[0]) for spike in drawn) == 12
    assert all(0 <= spike.x < 100 and spike.height <= 26 for spike in drawn)


def test_covered_takes_gaps_out_and_merges_files() -> None:
    sources = [
        _source(0, 100, Gap(40, 60), Gap(10, 20)),
        _source(50, 70),
        _source(200, 300),
        _source(None, None),
    ]
    assert covered(sources) == [(0, 10), (20, 40), (50, 100), (200, 300)]


def test_a_gap_that_another_file_fills_is_no_gap() -> None:
    sources = [_source(0, 1000 * SECOND, Gap(100 * SECOND, 200 * SECOND))]
    axis = Axis(0, 1000 * SECOND)
    assert gap_bars(sources[0].gaps, covered(sources), axis)[0].title == (
        "1 min 40 s of silence: 1970-01-01 00:01:40Z \u2013 00:03:20Z"
    )
    filled = [*sources, _source(50 * SECOND, 250 * SECOND)]
    assert gap_bars(sources[0].gaps, covered(filled), axis) == []


def test_drawings_are_bounded() -> None:
    spans = [(number * 10, number * 10 + 1) for number in range(100_000)]
    axis = Axis(0, 1_000_000)
    assert len(bars(spans, axis)) <= MAX_BARS + 1
    assert len(gap_bars([Gap(a + 2, a + 4) for a, _ in spans], spans, axis)) == MAX_BARS
