"""The verdict on each server, from the table in `verdict_table.yml`; see docs/verdicts.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from exward.incidents.covered import (
    HOUR,
    Interval,
    common_time,
    is_execution,
    is_host,
    is_security,
    is_web,
    length,
    longest_silence,
    shows_web_role,
)
from exward.incidents.distinct import acts
from exward.incidents.facts import Facts, gather
from exward.incidents.grading import confidence_rank, is_acted, is_attempt, weight_key
from exward.incidents.story import shortened
from exward.incidents.verdict_table import FindingsNeed, IncidentNeed, Row, Table, verdict_table
from exward.incidents.words import counted, listed, period, told
from exward.model.finding import Confidence, Finding, Grade
from exward.model.incident import Incident, ServerVerdict, Verdict
from exward.model.severity import Severity
from exward.model.stage import CHAIN, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from exward.model.coverage import SourceCoverage
    from exward.model.outcome import Outcome
    from exward.model.skipped import Skipped

MAX_DECIDING = 20
"""Findings that a verdict names."""

_CONFIDENCE = {confidence: rank for rank, confidence in enumerate(Confidence)}
_VERDICTS = {verdict: rank for rank, verdict in enumerate(Verdict)}


class _Match(NamedTuple):
    """A row that holds: the findings that decide it, those of `also`, and what the words need."""

    row: Row
    deciding: tuple[Finding, ...] = ()
    other: tuple[Finding, ...] = ()
    fails: tuple[Outcome, ...] = ()


def judge(
    findings: Iterable[Finding],
    incidents: Iterable[Incident],
    coverage: Sequence[SourceCoverage],
    skipped: Iterable[Skipped],
    outcomes: Iterable[Outcome] = (),
) -> tuple[ServerVerdict, ...]:
    """Judge every server that findings, coverage or failed checks name, worst first.

    Servers are attributed already. Nothing read and nothing found is never `clean`.
    """
    table = verdict_table()
    verdicts = [
        _judge_one(table, facts)
        for facts in gather(findings, incidents, coverage, skipped, outcomes)
    ]
    return tuple(sorted(verdicts, key=lambda v: (_VERDICTS[v.verdict], v.server)))


def _judge_one(table: Table, facts: Facts) -> ServerVerdict:
    match = next(filter(None, (_match(table, row, facts) for row in table.rows)))
    words = _words(table, match, facts)
    return ServerVerdict(
        server=facts.server,
        verdict=match.row.verdict,
        because=match.row.because.format_map(words),
        would_change=match.row.would_change.format_map(words),
        findings=tuple(finding.id for finding in match.deciding[:MAX_DECIDING]),
    )


def _match(table: Table, row: Row, facts: Facts) -> _Match | None:
    """The row with what decides it, or None if one of its conditions does not hold."""
    deciding: tuple[Finding, ...] = ()
    other: tuple[Finding, ...] = ()
    fails: tuple[Outcome, ...] = ()
    if row.findings and not (deciding := _fitting(table, row.findings, facts)):
        return None
    if row.also and not (other := _fitting(table, row.also, facts)):
        return None
    if row.incident and not (deciding := _connected(row.incident, facts)):
        return None
    if row.outcome_fails and not (fails := _failing(row.outcome_fails, facts)):
        return None
    if row.records_below is not None and _host_records(facts) >= row.records_below:
        return None
    if row.unread and not facts.unread:
        return None
    if row.coverage and not _is_covered(table, row.coverage, facts):
        return None
    return _Match(row, deciding, other, fails)


def _fitting(table: Table, need: FindingsNeed, facts: Facts) -> tuple[Finding, ...]:
    """The findings that fit, most telling first; none if they are of too few rules."""
    stages = table.stages[need.stages] if need.stages else tuple(Stage)
    fitting = tuple(
        finding
        for finding in facts.findings
        if finding.severity.rank >= need.severity.rank
        and confidence_rank(finding) >= _CONFIDENCE[need.confidence]
        and finding.stage in stages
        and _has_grade(finding, need.grade)
        and (need.seen_in == "any" or facts.is_web_only(finding) == (need.seen_in == "web"))
    )
    return fitting if need.rules < 2 or acts(fitting) >= need.rules else ()


def _has_grade(finding: Finding, grade: str) -> bool:
    if grade == "acted":
        return is_acted(finding)
    if grade == "state":
        return finding.grade is Grade.STATE and finding.stage not in CHAIN
    return finding.grade.value == grade


def _connected(need: IncidentNeed, facts: Facts) -> tuple[Finding, ...]:
    """The findings of the first incident that is far enough advanced on this server."""
    for incident in facts.incidents:
        ids = {identity for step in incident.steps for identity in step.findings}
        members = [
            finding
            for finding in facts.findings
            if finding.id in ids and finding.confidence is not Confidence.LOW
        ]
        acted = [
            finding
            for finding in members
            if is_acted(finding) and finding.severity.rank >= Severity.MEDIUM.rank
        ]
        on_host = any(
            finding.severity.rank >= need.host.rank and not facts.is_web_only(finding)
            for finding in acted
        )
        tried = any(
            is_attempt(finding) and finding.stage in {Stage.INITIAL_ACCESS, Stage.WEB_SHELL}
            for finding in members
        )
        enough = (
            len({finding.stage for finding in acted}) >= need.stages
            and len({finding.rule for finding in acted}) >= need.rules
        )
        if enough and on_host and (tried or not need.attempt):
            return tuple(sorted(acted, key=weight_key))
    return ()


def _failing(severity: Severity, facts: Facts) -> tuple[Outcome, ...]:
    return tuple(o for o in facts.fails if o.severity.rank >= severity.rank)


def _host_records(facts: Facts) -> int:
    return sum(row.records for row in facts.coverage if not is_web(row))


def _is_covered(table: Table, kind: str, facts: Facts) -> bool:
    """Whether the kinds of log that a clean verdict needs cover enough common time, readably."""
    records = sum(row.records for row in facts.coverage)
    lost = sum(row.skipped for row in facts.coverage)
    if lost > table.most_unread_share * (records + lost):
        return False
    if any(map(shows_web_role, facts.coverage)) == (kind == "windows-only"):
        return False
    return length(_window(facts)) >= table.minimum_common_hours * HOUR


def _window(facts: Facts) -> list[Interval]:
    """The time in which both kinds of log that a clean verdict needs are there."""
    if any(map(shows_web_role, facts.coverage)):
        return common_time(facts.coverage, is_web, is_host)
    return common_time(facts.coverage, is_security, is_execution)


def _words(table: Table, match: _Match, facts: Facts) -> dict[str, str]:
    """What the templates of a row may name."""
    window = _window(facts)
    decisive = told(match.deciding[0]) if match.deciding else ""
    if match.fails:
        worst = match.fails[0]
        decisive = f"Failed: {shortened(worst.title)}. {shortened(worst.reason)}"
    return {
        "told": decisive.rstrip("."),
        "rules": str(acts(match.deciding)),
        "other": told(match.other[0]) if match.other else "",
        "window": period(window[0][0], window[-1][1]) if window else "no common time",
        "logs": listed(sorted({row.log for row in facts.coverage})),
        "records": counted(sum(row.records for row in facts.coverage), "record"),
        "missing": _missing(table, facts),
        "unread": listed([f"{shortened(s.source)} ({shortened(s.reason)})" for s in facts.unread]),
        "doubt": _doubt(facts),
    }


def _missing(table: Table, facts: Facts) -> str:
    """What stands between this evidence and a clean verdict."""
    reasons = []
    if not any(map(is_web, facts.coverage)):
        reasons.append("no log of web requests (IIS or Exchange HttpProxy)")
    if not any(map(is_host, facts.coverage)):
        reasons.append("no log of what ran or who logged on (Security or Sysmon)")
    records = sum(row.records for row in facts.coverage)
    lost = sum(row.skipped for row in facts.coverage)
    if lost > table.most_unread_share * (records + lost):
        reasons.append(f"{counted(lost, 'record')} could not be read")
    hours = length(_window(facts)) / HOUR
    if not reasons and hours < table.minimum_common_hours:
        need = f"{table.minimum_common_hours:g}"
        reasons.append(f"the logs needed cover {hours:.1f} common hours, not the {need} required")
    return listed(reasons)


def _doubt(facts: Facts) -> str:
    """The one thing that could still change a verdict that is not `compromised`."""
    silence = longest_silence(row for row in facts.coverage if is_web(row) or is_host(row))
    if silence is not None:
        row, gap = silence
        return f"What happened while {row.log} was silent, {period(gap.start, gap.end)}."
    if not any(map(is_host, facts.coverage)):
        return "The Security or Sysmon log of this host, which would show what ran on it."
    if not any(map(is_web, facts.coverage)):
        return "The IIS or HttpProxy log of this host, which would show the requests."
    if not any(map(is_execution, facts.coverage)):
        return "A Sysmon or PowerShell log, which would show what ran."
    window = _window(facts)
    return f"A finding outside {period(window[0][0], window[-1][1])}." if window else _EARLIER


_EARLIER = "A finding in logs of another time."
