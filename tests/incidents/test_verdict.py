"""The table from findings and coverage to verdict, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.incidents import chain
from exward.incidents.attribution import UNKNOWN_HOST
from exward.incidents.verdict import MAX_DECIDING, judge
from exward.incidents.verdict_table import Row, Table, verdict_table
from exward.model.coverage import Gap, SourceCoverage
from exward.model.finding import Confidence, Evidence, Finding, Grade
from exward.model.incident import ServerVerdict
from exward.model.outcome import Outcome, Status
from exward.model.severity import Severity
from exward.model.skipped import Skipped
from exward.model.stage import CHAIN, Stage
from tests.incidents.cases import DAY, HOUR, IIS, MINUTE, SECURITY, START, SYSMON, finding, row

SYSMON_LOG = "Microsoft-Windows-Sysmon/Operational"
WEB = row("iis", IIS)
LOGONS = row("Security")
DAY_OF_LOGS = (WEB, LOGONS)
LONG_LOGS = (WEB, row("Security", records=500_000))
BROKEN = Skipped("EX01/Logs/System.evtx", None, "the file is damaged")

SURE = Confidence.HIGH
UNSURE = Confidence.LOW
ATTEMPT = Grade.ATTEMPT
STATE = Grade.STATE


@dataclass(frozen=True)
class Case:
    """What a row of the table gets to see on one server."""

    row: str
    findings: Sequence[Finding] = ()
    coverage: Sequence[SourceCoverage] = LONG_LOGS
    skipped: Sequence[Skipped] = ()
    outcomes: Sequence[Outcome] = ()


def far(name: str, number: int, **values: Any) -> Finding:
    """A finding that nothing joins to others: days apart."""
    places = (Evidence(SECURITY, 100 + number, START + number * DAY),)
    return finding(name, at=START + number * DAY, **{"evidence": places, **values})


def failed(severity: str) -> Outcome:
    return Outcome("smb1", "SMB 1 is off", Status.FAIL, Severity(severity), "EX01", "SMB1 is 1.")


def story(*steps: tuple[str, str]) -> list[Finding]:
    """Findings of one process, by stage and severity."""
    return [
        finding(f"s{number}", stage, severity, at=START + number * HOUR,
                fields={"ProcessGuid": "{A}"})
        for number, (stage, severity) in enumerate(steps)
    ]  # fmt: skip


PROBE = finding("probe", "initial-access", "high", file=IIS, grade=ATTEMPT, source_ip="203.0.113.7")

CASES = [
    Case("certain-step", [finding("x", "exploration", "high", confidence=SURE)]),
    Case("certain-step", [finding("x", "initial-access", "high", confidence=SURE, file=IIS)]),
    Case("certain-step", [finding("x", "persistence", "high", confidence=SURE, grade=STATE)], ()),
    Case("critical-step", [finding("x", "exploration", "critical")]),
    Case("critical-step", [finding("x", "initial-access", "critical", file=IIS)]),
    Case("web-shell", [finding("x", "web-shell", "high", file=IIS)]),
    Case("web-shell", [finding("x", "web-shell", "high", grade=STATE)]),
    Case("intruder-only-stage", [finding("x", "credential-access", "high")]),
    Case("intruder-only-stage", [finding("x", "initial-access", "high")]),
    Case("intruder-only-stage", [finding("x", "impact", "high"), PROBE]),
    Case("several-high", [far("x", 1), far("y", 5)]),
    Case("needs-a-look", [finding("x"), finding("y")]),  # two rules that match one record
    Case(
        "story", story(("exploration", "high"), ("account", "medium"), ("persistence", "medium"))
    ),
    Case(
        "attempt-then-step",
        [PROBE, finding("x", "account", "high", at=START + HOUR, source_ip="203.0.113.7")],
    ),
    Case(
        "many-steps",
        story(
            ("exploration", "medium"), ("exploration", "medium"), ("account", "medium"),
            ("defence-evasion", "medium"), ("persistence", "medium"),
        ),
    ),
    Case("high-in-short-log", [finding("x")], DAY_OF_LOGS),
    Case("high-in-short-log", [finding("x", "persistence")], ()),
    Case("attempted-with-doubt", [PROBE, far("x", 5)]),
    Case("attempted-with-doubt", [PROBE, far("x", 5, severity="medium")]),
    Case("attempted", [PROBE]),
    Case("attempted", [PROBE], (WEB,)),
    Case("attempted", [replace(PROBE, stage=Stage.CREDENTIAL_ACCESS), far("x", 5, severity="low")]),
    Case("attempted", [replace(PROBE, stage=Stage.MAIL)]),
    Case("answered", [finding("x", "initial-access", "high", file=IIS)]),
    Case("answered", [finding(n, "initial-access", "high", file=IIS) for n in "xyz"], DAY_OF_LOGS),
    Case("needs-a-look", [finding("x")]),
    Case("needs-a-look", [finding("x", "impact", "critical", confidence=UNSURE)]),
    Case("needs-a-look", [finding("x", severity="medium")], DAY_OF_LOGS),
    Case("needs-a-look", [far(n, i, severity="medium") for i, n in enumerate("abcdef")]),
    Case("needs-a-look", story(("exploration", "medium"), ("account", "medium"))),
    Case("odd-behaviour", [finding("x", "behaviour", "medium")]),
    Case("weak", [finding("x", "exposure", "high", grade=STATE)], ()),
    Case("weak", [finding("x", "access-review", "medium", grade=STATE)], outcomes=[failed("high")]),
    Case("weak-by-check", [finding("x", severity="low")], outcomes=[failed("medium")]),
    Case("weak-by-check", coverage=(), outcomes=[failed("critical")]),
    Case("unread", skipped=[BROKEN]),
    Case("unread", skipped=[Skipped(SECURITY, None, "the worker ended")]),
    Case("unread", skipped=[Skipped("lost.zip", None, "encrypted", 12)]),
    Case("clean", [finding("x", severity="low")]),
    Case("clean", coverage=DAY_OF_LOGS),
    Case("clean", coverage=(WEB, row(SYSMON_LOG, SYSMON)), outcomes=[failed("low")]),
    Case("clean", coverage=(row("exchange.httpproxy", IIS), LOGONS)),
    Case("clean", coverage=(WEB, row("Security", hours=12))),
    Case("clean", skipped=[Skipped(SECURITY, 5, "torn", 3), Skipped(SECURITY, None, "torn", 3)]),
    Case("clean-windows", coverage=(LOGONS, row(SYSMON_LOG, SYSMON), row("System"))),
    Case("clean-windows", coverage=(LOGONS, row("Microsoft-Windows-PowerShell/Operational"))),
    Case("too-little", coverage=(WEB,)),
    Case("too-little", coverage=(LOGONS,)),
    Case("too-little", coverage=(row(SYSMON_LOG, SYSMON),)),
    Case("too-little", coverage=(WEB, row("System"), row("Application"))),
    Case("too-little", coverage=(WEB, row("Security", hours=11.9))),
    Case("too-little", coverage=(WEB, row("Security", start=START + 2 * DAY))),
    Case("too-little", coverage=(WEB, row("Security", records=5))),
    Case("too-little", coverage=(WEB, row("Security", skipped=200))),
    Case("too-little", coverage=(LOGONS, row(SYSMON_LOG, SYSMON), row("MSExchange Management"))),
    Case("too-little", [finding("x", severity="low")], ()),
    Case(
        "too-little",
        coverage=(WEB, row("Security", gaps=(Gap(START + HOUR, START + 14 * HOUR),))),
    ),
]  # fmt: skip


def decide(case: Case) -> ServerVerdict:
    findings = tuple(case.findings)
    incidents = chain.build(findings)
    (verdict,) = judge(findings, incidents, case.coverage, case.skipped, case.outcomes)
    return verdict


def _row(name: str) -> Row:
    return next(each for each in verdict_table().rows if each.id == name)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.row)
def test_rows(case: Case) -> None:
    verdict = decide(case)
    expected = _row(case.row)
    # The words tell the row; only the parts before the first placeholder are fixed.
    assert verdict.verdict == expected.verdict
    assert _fits(expected.because, verdict.because)
    assert _fits(expected.would_change, verdict.would_change)
    assert verdict.server == "EX01"


def test_every_row_has_a_case() -> None:
    assert {case.row for case in CASES} == {each.id for each in verdict_table().rows}


def test_rows_are_told_apart_by_more_than_their_verdict() -> None:
    """The cases prove which row decided: each is lost when its row is taken out of the table."""
    table = verdict_table()
    for case in CASES:
        others = tuple(each for each in table.rows if each.id != case.row)
        deciding = _deciding(table, case)
        assert deciding == case.row
        if case.row != table.rows[-1].id:
            assert _deciding(msgspec.structs.replace(table, rows=others), case) != case.row


def _deciding(table: Table, case: Case) -> str:
    marked = msgspec.structs.replace(
        table, rows=tuple(msgspec.structs.replace(each, because=each.id) for each in table.rows)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("exward.incidents.verdict.verdict_table", lambda: marked)
        return decide(case).because


def _fits(template: str, text: str) -> bool:
    start, _, _ = template.partition("{")
    end = template.rpartition("}")[2]
    return text.startswith(start) and text.endswith(end.lstrip("."))


def test_the_table_can_always_decide() -> None:
    last = verdict_table().rows[-1]
    bare = Row(last.id, last.verdict, last.because, last.would_change)
    assert last == bare


def test_each_row_uses_known_stages() -> None:
    table = verdict_table()
    needs = [n for each in table.rows for n in (each.findings, each.also) if n and n.stages]
    assert {need.stages for need in needs} <= set(table.stages)
    assert table.stages["chain"] == CHAIN


def test_an_unknown_key_in_the_table_is_an_error() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"id": "x", "verdict": "clean", "when": 1}, Row)


def test_the_because_line_names_rule_time_and_place() -> None:
    verdict = decide(Case("", [finding("dump", "credential-access", "critical", count=3)]))
    assert verdict.because == (
        f"Rule dump (critical), 2026-01-05 00:00:00 UTC, {SECURITY}:7 and 2 more times."
    )
    assert verdict.findings == ("id-dump",)


def test_the_most_telling_finding_comes_first() -> None:
    many = [far(f"r{number:02}", number) for number in range(30)]
    many.append(far("worst", 40, severity="critical"))
    sure = far("sure", 41, severity="critical", confidence=SURE)
    verdict = decide(Case("", [*many, sure]))
    assert verdict.findings == ("id-sure",)
    verdict = decide(Case("", many[:30]))
    assert len(verdict.findings) == MAX_DECIDING
    assert verdict.because.startswith("30 independent rules, first of all: Rule r00 (high)")


def test_a_doubt_names_the_other_finding() -> None:
    verdict = decide(Case("", [PROBE, far("odd", 5)]))
    assert "Rule odd (high), 2026-01-10" in verdict.would_change


@pytest.mark.parametrize(
    ("coverage", "words"),
    [
        ((WEB,), "no log of what ran or who logged on (Security or Sysmon)"),
        ((LOGONS,), "no log of web requests (IIS or Exchange HttpProxy)"),
        ((WEB, row("Security", hours=0.5)), "0.5 common hours, not the 12 required"),
        ((WEB, row("Security", skipped=200)), "200 records could not be read"),
    ],
)
def test_too_little_names_what_is_missing(coverage: Sequence[SourceCoverage], words: str) -> None:
    assert words in decide(Case("", coverage=coverage)).because


@pytest.mark.parametrize(
    ("coverage", "words"),
    [
        (DAY_OF_LOGS, "A Sysmon or PowerShell log"),
        ((WEB, row(SYSMON_LOG)), "A finding outside 2026-01-05 00:00:00 UTC to 2026-01-06"),
        (
            (row("iis", IIS, gaps=(Gap(START + HOUR, START + 9 * HOUR),)), LOGONS),
            "iis was silent, 2026-01-05 01:00:00 UTC to 2026-01-05 09:00:00 UTC",
        ),
    ],
)
def test_clean_says_what_could_still_change_it(
    coverage: Sequence[SourceCoverage], words: str
) -> None:
    assert words in decide(Case("", coverage=coverage)).would_change


def test_attempts_on_web_logs_alone_ask_for_the_host() -> None:
    assert "Security or Sysmon" in decide(Case("", [PROBE], (WEB,))).would_change


def test_servers_do_not_mix_and_the_worst_comes_first() -> None:
    findings = [
        finding("x", "web-shell", "critical", server="EX02"),
        finding("y", "initial-access", grade=ATTEMPT, server="EX03", at=START + MINUTE),
    ]
    coverage = [*DAY_OF_LOGS, row("iis", "EX04/u.log", server="EX04"), row("iis", server="")]
    skipped = [Skipped("EX04/locked.evtx", None, "encrypted")]
    verdicts = judge(findings, chain.build(findings), coverage, skipped)
    assert [(each.server, each.verdict.value) for each in verdicts] == [
        ("EX02", "compromised"),
        ("EX03", "attempted"),
        ("EX01", "clean"),
        ("EX04", "cannot-tell"),
        (UNKNOWN_HOST, "cannot-tell"),
    ]
    assert "EX04/locked.evtx (encrypted)" in verdicts[3].because


def test_nothing_at_all() -> None:
    assert judge([], [], [], []) == ()
    (verdict,) = judge([], [], [], [Skipped("x.zip", None, "encrypted")])
    assert (verdict.server, verdict.verdict.value) == (UNKNOWN_HOST, "cannot-tell")


def test_values_of_the_evidence_are_no_templates() -> None:
    verdict = decide(Case("", [finding("x", "impact", "critical", title="{0} {missing} {x")]))
    assert verdict.because.startswith("{0} {missing} {x (critical)")


grades = st.sampled_from(Grade)
found = st.builds(
    lambda number, stage, severity, confidence, grade, file: finding(
        f"f{number}", stage.value, severity.value, confidence=confidence, grade=grade, file=file
    ),
    st.integers(0, 50), st.sampled_from(Stage), st.sampled_from(Severity),
    st.sampled_from(Confidence), grades, st.sampled_from([SECURITY, IIS]),
)  # fmt: skip


@given(st.lists(found, max_size=8))
def test_a_finding_of_medium_or_above_is_never_clean(findings: list[Finding]) -> None:
    unique = list({each.id: each for each in findings}.values())
    (verdict,) = judge(unique, chain.build(unique), DAY_OF_LOGS, [])
    serious = any(each.severity.rank >= Severity.MEDIUM.rank for each in unique)
    assert (verdict.verdict.value == "clean") is not serious
    assert verdict.because
    assert verdict.would_change


def test_attack_recordings_with_a_high_rule_are_compromised() -> None:
    """One rule on a log of a few records, as the recordings of single techniques are."""
    for stage in CHAIN:
        recording = (row(SYSMON_LOG, SYSMON, hours=0.02, records=12),)
        verdict = decide(Case("", [finding("x", stage.value, file=SYSMON)], recording))
        assert verdict.verdict.value == "compromised"


def test_the_document_names_every_row() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "verdicts.md").read_text("utf-8")
    assert [each.id for each in verdict_table().rows if f"`{each.id}`" not in text] == []
