"""Unusual silences, and the statement of what the evidence could have shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.incidents.coverage import MAX_GAPS, gaps, statement
from exward.incidents.covered import common, common_time, covered, is_host, is_web, length
from exward.model.coverage import Gap, RuleCoverage
from exward.model.stage import Stage
from tests.incidents.cases import DAY, HOUR, IIS, START, SYSMON, row

FIRST = START // HOUR


def hours(*silent: range, days: int = 14, busy: range = range(24)) -> dict[int, int]:
    """A log of so many days from a Monday with records in its busy hours, less what is silent."""
    quiet = {hour for each in silent for hour in each}
    return {
        FIRST + hour: 60 for hour in range(days * 24) if hour not in quiet and hour % 24 in busy
    }


def found(histogram: dict[int, int]) -> list[tuple[int, int]]:
    """Gaps as hours since the log's Monday."""
    return [(gap.start // HOUR - FIRST, gap.end // HOUR - FIRST) for gap in gaps(histogram)]


OFFICE = range(7, 19)


@pytest.mark.parametrize(
    ("histogram", "expected"),
    [
        pytest.param(hours(), [], id="probes each minute"),
        pytest.param(hours(range(100, 111)), [(100, 111)], id="eleven hours deleted"),
        pytest.param(hours(range(100, 110)), [], id="ten are not longer than ten distances"),
        pytest.param(hours(range(48, 120)), [(48, 120)], id="three days deleted"),
        pytest.param(hours(range(60, 75), range(200, 215)), [(60, 75), (200, 215)], id="two holes"),
        pytest.param(hours(busy=OFFICE), [], id="nights"),
        pytest.param(
            hours(*(range(d * 24, d * 24 + 48) for d in (5, 12, 19)), days=21, busy=OFFICE),
            [],
            id="nights and weekends",
        ),
        pytest.param(
            hours(range(48, 72), busy=OFFICE), [(43, 55 + 24)], id="a working day is missing"
        ),
        pytest.param({FIRST + day * 24: 1 for day in range(40)}, [], id="one record a day"),
        pytest.param({FIRST + n * 50 + k: 9 for n in range(9) for k in range(3)}, [], id="bursts"),
        pytest.param({FIRST + n: 1 for n in (0, 1, 2, 99)}, [], id="too little to say"),
        pytest.param(dict.fromkeys(range(FIRST, FIRST + 400), 0), [], id="no record at all"),
        pytest.param({}, [], id="empty"),
    ],
)
def test_gaps(histogram: dict[int, int], expected: list[tuple[int, int]]) -> None:
    assert found(histogram) == expected


def test_the_longest_of_very_many_gaps() -> None:
    histogram: dict[int, int] = {}
    hour = 0
    for number in range(MAX_GAPS + 20):
        histogram |= dict.fromkeys(range(hour, hour + 30 + number), 1)
        hour += 30 + number + 500 + number * 7
    histogram |= dict.fromkeys(range(hour, hour + 30), 1)
    answer = gaps(histogram)
    assert len(answer) == MAX_GAPS
    assert min(gap.end - gap.start for gap in answer) == (500 + 20 * 7) * HOUR


@given(st.dictionaries(st.integers(-(2**40), 2**40), st.integers(0, 5)))
def test_gaps_are_silent_and_in_order(histogram: dict[int, int]) -> None:
    before = None
    for gap in gaps(histogram):
        assert before is None or before < gap.start < gap.end
        inside = [h for h, n in histogram.items() if n and gap.start <= h * HOUR < gap.end]
        assert inside == []
        assert histogram[gap.start // HOUR - 1] > 0
        assert histogram[gap.end // HOUR] > 0
        before = gap.end


def test_statement_names_what_is_there_and_what_is_not() -> None:
    rows = [
        row("iis", IIS, skipped=2, gaps=(Gap(START + HOUR, START + 9 * HOUR),)),
        row("Security", records=1, hours=0),
    ]
    rules = [
        RuleCoverage("a", "A", True, ""),
        RuleCoverage("b", "B", False, "no record of Security 4688 that the rule is about"),
        RuleCoverage("c", "C", False, "line 3: bad", usable=False),
    ]
    lines = statement(rows, rules)
    assert lines[0] == (
        "EX01: Security has 1 record from 2026-01-05 00:00:00 UTC to 2026-01-05 00:00:00 UTC."
    )
    assert lines[1] == (
        "EX01: iis has 5,000 records from 2026-01-05 00:00:00 UTC to 2026-01-06 00:00:00 UTC; "
        "2 records could not be read; "
        "silent 2026-01-05 01:00:00 UTC to 2026-01-05 09:00:00 UTC."
    )
    text = "\n".join(lines)
    assert "no Sysmon, so nobody can exclude programs that ran" in text
    assert "no process creation (4688)" in text
    assert "no web requests" not in text
    assert lines[-3:] == (
        "1 of 3 rules could have fired on this evidence.",
        "1 rule had no record to look at.",
        "1 rule could not be used at all.",
    )


def test_statement_names_the_steps_that_nobody_could_have_seen() -> None:
    rules = [
        RuleCoverage("a", "A", False, "no record", stage=Stage.IMPACT),
        RuleCoverage("b", "B", True, "", stage=Stage.ACCOUNT),
        *[RuleCoverage(f"c{n}", "C", n == 0, "", stage=Stage.PERSISTENCE) for n in range(5)],
        RuleCoverage("m", "M", False, "no record", stage=Stage.MAIL),
    ]
    assert statement([row("Security")], rules)[-2:] == (
        "No rule could see these steps of an attack: Impact.",
        "Few rules could see these: Persistence (1 of 5 rules).",
    )


def test_statement_of_each_server_in_order() -> None:
    rows = [row("Security", server="EX02"), row("Security", server="EX01")]
    lines = statement(rows, [])
    assert [line.partition(":")[0] for line in lines] == ["EX01"] * 7 + ["EX02"] * 7
    assert statement([], []) == ()


def test_an_empty_log_is_not_there() -> None:
    (first, *rest) = statement([row("Security", records=0)], [])
    assert first.startswith("EX01: Security has 0 records")
    assert any("no Security log" in line for line in rest)


def test_4688_is_not_missed_where_sysmon_is() -> None:
    rows = [row("Security"), row("Microsoft-Windows-Sysmon/Operational", SYSMON)]
    rules = [RuleCoverage("b", "B", False, "no record of Security 4688")]
    assert not any("4688" in line for line in statement(rows, rules))


def test_covered_time_is_joined_and_cut_by_gaps() -> None:
    first = row("iis", "1.log", hours=23.9, gaps=(Gap(START + 2 * HOUR, START + 5 * HOUR),))
    second = row("iis", "2.log", start=START + DAY, hours=10)
    later = row("iis", "3.log", start=START + 9 * DAY, hours=1)
    assert covered([later, second, first]) == [
        (START, START + 2 * HOUR),
        (START + 5 * HOUR, START + 34 * HOUR),
        (START + 9 * DAY, START + 9 * DAY + HOUR),
    ]


def test_a_stray_record_covers_no_centuries() -> None:
    rows = [row("Security", hours=24 * 365 * 400, records=30)]
    assert length(covered(rows)) == 30 * HOUR


def test_common_time() -> None:
    rows = [row("iis", IIS, hours=10), row("Security", start=START + 4 * HOUR)]
    assert common_time(rows, is_web, is_host) == [(START + 4 * HOUR, START + 10 * HOUR)]
    assert common([(0, 5), (7, 9)], [(4, 8)]) == [(4, 5), (7, 8)]
    assert common([], [(1, 2)]) == []
    assert covered([row("iis", hours=0)]) == [(START, START)]
