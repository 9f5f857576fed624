"""What the HTML report shows, in the order and amount in which it shows it.

The templates only place these values: what is counted, sorted or left out is decided here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from exward.model.acceptance import Standing
from exward.model.finding import Finding, Grade
from exward.model.incident import Verdict
from exward.model.outcome import Status
from exward.model.severity import Severity
from exward.model.stage import CHAIN, Stage
from exward.reports.html_chart import Axis, Bar, axis_over, bars, covered, gap_bars
from exward.reports.html_timeline import Timeline, timeline
from exward.reports.html_tree import Branch, branches
from exward.reports.order import ATTENTION, rank_incidents, rank_verdicts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from exward.model.acceptance import Acceptance
    from exward.model.coverage import RuleCoverage, SourceCoverage
    from exward.model.incident import Incident, ServerVerdict, Step
    from exward.model.outcome import Outcome
    from exward.model.skipped import Skipped

MAX_CARDS = 12
"""Servers whose verdict is told in full; the others stand in a table."""

MAX_SERVERS = 2000
MAX_STORIES = 25
MAX_STEP_FINDINGS = 12
MAX_LOGS = 200
MAX_FILES = 500
MAX_REASONS = 100
MAX_NAMES = 50


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The first thing on the page: one sentence, then the servers, worst first."""

    headline: str
    counts: tuple[tuple[Verdict, int], ...]
    cards: tuple[ServerVerdict, ...]
    table: tuple[ServerVerdict, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Link:
    """One stage of the chain: whether it was seen, how, how often and when first (µs UTC)."""

    stage: Stage
    grade: Grade | None
    count: int
    first: int | None
    anchor: str


@dataclass(frozen=True, slots=True)
class StoryStep:
    """One stage of an incident with its first findings."""

    step: Step
    anchor: str
    grade: Grade
    since_start: int | None
    findings: tuple[Finding, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Story:
    """One incident, ready to be told."""

    incident: Incident
    chain: tuple[Link, ...]
    steps: tuple[StoryStep, ...]
    beside: tuple[Stage, ...]
    timeline: Timeline | None
    processes: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class LogRow:
    """All files of one log of one server on the coverage drawing."""

    server: str
    log: str
    files: int
    records: int
    skipped: int
    first: int | None
    last: int | None
    bars: tuple[Bar, ...]
    gaps: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Things that share a reason: how many, how much was lost, a few of their names."""

    reason: str
    count: int
    lost: int
    names: tuple[str, ...]


def verdicts_view(verdicts: Iterable[ServerVerdict]) -> Verdicts:
    """Split the servers into those told in full and those in the table."""
    ranked = rank_verdicts(verdicts)
    counts = Counter(one.verdict for one in ranked)
    return Verdicts(
        headline=_headline(ranked, counts),
        counts=tuple((word, counts[word]) for word in ATTENTION if counts[word]),
        cards=tuple(ranked[:MAX_CARDS]),
        table=tuple(ranked[MAX_CARDS : MAX_CARDS + MAX_SERVERS]),
        left_out=max(0, len(ranked) - MAX_CARDS - MAX_SERVERS),
    )


def _headline(ranked: Sequence[ServerVerdict], counts: Counter[Verdict]) -> str:
    if not ranked:
        return "No server could be judged from this evidence."
    worst, total = ranked[0].verdict, len(ranked)
    several, one = _SENTENCES[worst]
    if counts[worst] == 1:
        return one.format(server=ranked[0].server or "The server")
    who = f"All {total:,}" if counts[worst] == total else f"{counts[worst]:,} of {total:,}"
    return several.format(who=who)


_SENTENCES = {
    Verdict.COMPROMISED: ("{who} servers are compromised.", "{server} is compromised."),
    Verdict.ATTEMPTED: ("{who} servers were attacked.", "{server} was attacked."),
    Verdict.EXPOSED: ("{who} servers are exposed.", "{server} is exposed."),
    Verdict.CANNOT_TELL: ("{who} servers cannot be judged.", "{server} cannot be judged."),
    Verdict.CLEAN: ("{who} servers show no sign of an attack.",
                    "{server} shows no sign of an attack."),
}  # fmt: skip


def best_grade(grades: Iterable[Grade]) -> Grade:
    """Return what the strongest of them says: success, else attempt, else a state."""
    seen = set(grades)
    return next((one for one in (Grade.SUCCESS, Grade.ATTEMPT) if one in seen), Grade.STATE)


def stories(incidents: Iterable[Incident], findings: Iterable[Finding]) -> list[Story]:
    """Tell the worst incidents; `findings` are those that their steps refer to by id."""
    known = {finding.id: finding for finding in findings}
    worst = rank_incidents(incidents)[:MAX_STORIES]
    return [_story(incident, f"i{n}", known) for n, incident in enumerate(worst)]


def _story(incident: Incident, anchor: str, findings: dict[str, Finding]) -> Story:
    steps = tuple(
        _story_step(incident, step, f"{anchor}-{place}", findings)
        for place, step in enumerate(incident.steps)
    )
    seen = {
        one.step.stage: Link(one.step.stage, one.grade, len(one.step.findings), one.step.first,
                             one.anchor)
        for one in steps
    }  # fmt: skip
    chain = tuple(seen.get(stage, Link(stage, None, 0, None, "")) for stage in CHAIN)
    names = [name for step in incident.steps for name in step.findings]
    return Story(
        incident,
        chain,
        steps,
        tuple(stage for stage in seen if stage not in CHAIN),
        timeline(findings[name] for name in names if name in findings),
        tuple(branches(incident.processes, findings)),
    )


def _story_step(
    incident: Incident, step: Step, anchor: str, findings: dict[str, Finding]
) -> StoryStep:
    known = [findings[name] for name in step.findings if name in findings]
    timed = step.first is not None and incident.first is not None
    return StoryStep(
        step=step,
        anchor=anchor,
        grade=best_grade(finding.grade for finding in known),
        since_start=(step.first or 0) - (incident.first or 0) if timed else None,
        findings=tuple(known[:MAX_STEP_FINDINGS]),
        left_out=len(step.findings) - len(known[:MAX_STEP_FINDINGS]),
    )


def loose_chain(findings: Iterable[Finding]) -> tuple[Link, ...]:
    """Chain of all findings, for a result in which nothing was joined into an incident."""
    seen: defaultdict[Stage, list[Finding]] = defaultdict(list)
    for finding in findings:
        seen[finding.stage].append(finding)
    return tuple(_loose_link(stage, seen.get(stage, [])) for stage in CHAIN)


def _loose_link(stage: Stage, findings: Sequence[Finding]) -> Link:
    times = [finding.first for finding in findings if finding.first is not None]
    grade = best_grade(finding.grade for finding in findings) if findings else None
    return Link(stage, grade, len(findings), min(times, default=None), "")


def severity_counts(findings: Iterable[Finding]) -> list[tuple[Severity, int]]:
    """Count per severity, worst first, only those that occur."""
    counts = Counter(finding.severity for finding in findings)
    return [(severity, counts[severity]) for severity in reversed(Severity) if counts[severity]]


def coverage_view(sources: Sequence[SourceCoverage]) -> tuple[Axis | None, list[LogRow]]:
    """One row per server and log on one common time axis."""
    axis = axis_over(time for source in sources for time in (source.first, source.last))
    ordered = sorted(sources, key=lambda one: (one.server, one.log, one.source))
    groups = groupby(ordered, key=lambda one: (one.server, one.log))
    return axis, [_log_row(axis, tuple(group)) for _, group in groups]


def _log_row(axis: Axis | None, sources: Sequence[SourceCoverage]) -> LogRow:
    spans = covered(sources)
    gaps = [gap for source in sources for gap in source.gaps]
    return LogRow(
        server=sources[0].server,
        log=sources[0].log,
        files=len(sources),
        records=sum(source.records for source in sources),
        skipped=sum(source.skipped for source in sources),
        first=min((one.first for one in sources if one.first is not None), default=None),
        last=max((one.last for one in sources if one.last is not None), default=None),
        bars=tuple(bars(spans, axis)) if axis else (),
        gaps=tuple(gap_bars(gaps, spans, axis)) if axis else (),
    )


def blind_groups(rules: Iterable[RuleCoverage]) -> list[Group]:
    """Group the rules that could not fire by the reason, the most frequent first."""
    return _groups((rule.reason, 0, rule.title or rule.rule) for rule in rules
                   if not rule.could_fire)  # fmt: skip


def skipped_groups(skipped: Iterable[Skipped]) -> list[Group]:
    """Group what was not read by the reason, the most frequent first."""
    return _groups((one.reason, one.count, _place(one)) for one in skipped)


def _place(skipped: Skipped) -> str:
    return skipped.source if skipped.position is None else f"{skipped.source}:{skipped.position}"


def _groups(rows: Iterable[tuple[str, int, str]]) -> list[Group]:
    found: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for reason, lost, name in rows:
        found[reason].append((lost, name))
    groups = [
        Group(reason, len(rest), sum(lost for lost, _ in rest),
              tuple(name for _, name in rest[:MAX_NAMES]))
        for reason, rest in found.items()
    ]  # fmt: skip
    return sorted(groups, key=lambda group: (-group.count, group.reason))


def outcomes_view(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Sort the checks: failed ones first, then unknown, the most severe first."""
    order = (Status.FAIL, Status.UNKNOWN, Status.PASS, Status.NOT_APPLICABLE)
    return sorted(
        outcomes,
        key=lambda one: (order.index(one.status), -one.severity.rank, one.server, one.check),
    )


def acceptances_view(acceptances: Iterable[Acceptance]) -> list[Acceptance]:
    """Sort the accepted risks: expired ones first, then unused ones, then by what they say."""
    order = (Standing.EXPIRED, Standing.UNUSED, Standing.USED)
    ranked = sorted(acceptances, key=lambda one: (order.index(one.standing), one.where, one.entry))
    return ranked[:MAX_REASONS]
