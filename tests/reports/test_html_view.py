"""What the page shows: counted, sorted and left out, never judged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exward.model.finding import Grade
from exward.model.incident import ServerVerdict, Verdict
from exward.model.stage import CHAIN, Stage
from exward.reports.html_view import (
    MAX_CARDS,
    MAX_STEP_FINDINGS,
    MAX_STORIES,
    best_grade,
    blind_groups,
    coverage_view,
    loose_chain,
    outcomes_view,
    severity_counts,
    skipped_groups,
    stories,
    verdicts_view,
)
from exward.reports.order import rank_findings
from tests.reports.sample_result import large_result, sample_result

RESULT = sample_result()
RANKED = rank_findings(RESULT.findings)


@pytest.mark.parametrize(
    ("words", "headline"),
    [
        ((), "No server could be judged from this evidence."),
        (("compromised",), "S0 is compromised."),
        (("clean", "compromised", "attempted"), "S1 is compromised."),
        (("clean", "compromised", "compromised"), "2 of 3 servers are compromised."),
        (("attempted", "attempted"), "All 2 servers were attacked."),
        (("clean", "cannot-tell"), "S1 cannot be judged."),
        (("exposed", "clean"), "S0 is exposed."),
        (("clean", "clean"), "All 2 servers show no sign of an attack."),
        (("clean",), "S0 shows no sign of an attack."),
    ],
)
def test_headline(words: tuple[str, ...], headline: str) -> None:
    verdicts = [ServerVerdict(f"S{n}", Verdict(word), "", "") for n, word in enumerate(words)]
    assert verdicts_view(verdicts).headline == headline


def test_many_servers_are_cards_then_a_table() -> None:
    view = verdicts_view(large_result(1, servers=3000).verdicts)
    assert len(view.cards) == MAX_CARDS
    assert len(view.cards) + len(view.table) + view.left_out == 3000
    assert sum(count for _, count in view.counts) == 3000


@pytest.mark.parametrize(
    ("grades", "best"),
    [
        ((Grade.ATTEMPT, Grade.SUCCESS, Grade.STATE), Grade.SUCCESS),
        ((Grade.STATE, Grade.ATTEMPT), Grade.ATTEMPT),
        ((Grade.STATE,), Grade.STATE),
        ((), Grade.STATE),
    ],
)
def test_best_grade(grades: tuple[Grade, ...], best: Grade) -> None:
    assert best_grade(grades) is best


def test_a_story_lights_the_stages_that_were_seen() -> None:
    story = stories(RESULT.incidents, RANKED)[0]
    assert [link.stage for link in story.chain] == list(CHAIN)
    dark = [link.stage for link in story.chain if link.grade is None]
    assert dark == [Stage.LATERAL_MOVEMENT, Stage.IMPACT]
    evasion = next(link for link in story.chain if link.stage is Stage.DEFENCE_EVASION)
    assert (evasion.grade, evasion.count) == (Grade.ATTEMPT, 1)
    assert story.steps[1].since_start == 63_000_000
    assert story.steps[1].findings[0].rule == "webshell-aspnet-client"


def test_stories_and_their_steps_are_bounded() -> None:
    incident = RESULT.incidents[0]
    step = replace(incident.steps[0], findings=(*(f.id for f in RANKED), "unknown"))
    many = [replace(incident, steps=(step,))] * (MAX_STORIES + 5)
    told = stories(many, RANKED)
    assert len(told) == MAX_STORIES
    assert len(told[0].steps[0].findings) == MAX_STEP_FINDINGS
    assert told[0].steps[0].left_out == len(RANKED) + 1 - MAX_STEP_FINDINGS


def test_without_incidents_the_chain_counts_single_findings() -> None:
    links = loose_chain(RESULT.findings)
    assert [link.stage for link in links] == list(CHAIN)
    chained = [finding for finding in RESULT.findings if finding.stage in CHAIN]
    assert sum(link.count for link in links) == len(chained)
    assert all(link.grade is None for link in loose_chain(()))


def test_severities_are_counted_worst_first() -> None:
    counts = severity_counts(RESULT.findings)
    assert counts[0] == ("critical", 7)
    assert sum(count for _, count in counts) == len(RESULT.findings)


def test_coverage_is_one_row_per_server_and_log() -> None:
    again = replace(RESULT.coverage[0], source="b.log", records=1)
    axis, rows = coverage_view((*RESULT.coverage, again))
    assert axis is not None
    iis = next(row for row in rows if (row.server, row.log) == ("EX01", "iis"))
    assert (iis.files, iis.records, len(iis.gaps)) == (2, 812_345, 1)
    assert next(row for row in rows if row.log == "Windows PowerShell").bars == ()
    assert coverage_view(()) == (None, [])


def test_reasons_are_grouped_and_counted() -> None:
    blind = blind_groups(RESULT.rules)
    assert [group.count for group in blind] == [40, 1]
    skipped = skipped_groups(RESULT.skipped)
    assert (skipped[0].reason, skipped[0].count, skipped[0].lost) == (
        "9 values for 14 columns", 2, 4,
    )  # fmt: skip
    # Position 0 is a place, None is none.
    assert "other.log:0" in skipped[0].names
    assert "case.zip!C/locked.evtx" in [name for group in skipped for name in group.names]


def test_failed_checks_come_first() -> None:
    assert [one.status for one in outcomes_view(RESULT.outcomes)] == ["fail", "unknown", "pass"]
