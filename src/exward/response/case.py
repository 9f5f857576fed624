"""One server's share of a result, as the steps ask for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from exward.formats.cmdlet_parameters import parse_parameters
from exward.model.finding import Evidence, Finding, Grade
from exward.model.incident import ServerVerdict, Verdict
from exward.model.outcome import About, Outcome, Status
from exward.model.posture import ServerPosture
from exward.model.result import ScanResult
from exward.model.severity import Severity
from exward.model.stage import CHAIN, Stage
from exward.response.plan import Reason

MAX_TARGETS = 50
"""Things that one step names; more are counted."""
MAX_REASONS = 8
MAX_DECIDING = 3


@dataclass(frozen=True, slots=True)
class Sight:
    """One record of a finding; `fields` may be empty."""

    finding: Finding
    evidence: Evidence

    @property
    def fields(self) -> Mapping[str, str]:
        """The excerpt of the record."""
        return self.evidence.fields

    @property
    def reason(self) -> Reason:
        """The finding with this very record as its place."""
        return Reason(_said(self.finding), f"{self.evidence.file}:{self.evidence.position}")


@dataclass(frozen=True, slots=True)
class Call:
    """One cmdlet that was run: its parameters by lower-case name, and who ran it."""

    sight: Sight
    cmdlet: str
    parameters: Mapping[str, str]
    caller: str


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to act upon, as the evidence names it, and the reason."""

    name: str
    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of one server. `done`: steps of an attack that were done, worst first."""

    server: str
    verdict: ServerVerdict | None
    done: tuple[Finding, ...]
    tried: tuple[Finding, ...]
    fails: tuple[Outcome, ...]
    posture: ServerPosture | None

    @property
    def is_compromised(self) -> bool:
        """Whether the verdict says so."""
        return self.verdict is not None and self.verdict.verdict is Verdict.COMPROMISED

    @property
    def decided_by(self) -> tuple[Reason, ...]:
        """The findings that decide the verdict, else the gravest."""
        ids = self.verdict.findings if self.verdict is not None else ()
        chosen = [one for one in self.done if one.id in set(ids)] or list(self.done[:1])
        return tuple(map(of_finding, chosen[:MAX_DECIDING]))

    def sights(self, *stages: Stage) -> Iterator[Sight]:
        """Every record that is shown of what was done, in these stages (none: in all)."""
        for finding in self.done:
            if not stages or finding.stage in stages:
                for evidence in finding.evidence:
                    if evidence.fields:
                        yield Sight(finding, evidence)

    def calls(self, *cmdlets: str) -> Iterator[Call]:
        """Every cmdlet of these names; one that several logs show comes once."""
        wanted = {name.lower() for name in cmdlets}
        seen = set()
        for sight in self.sights():
            name = sight.fields.get("Cmdlet", "")
            text = sight.fields.get("Parameters", "")
            if name.lower() in wanted and (name, text) not in seen:
                seen.add((name, text))
                given = {key.lower(): value for key, value in parse_parameters(text).items()}
                yield Call(sight, name, given, sight.fields.get("Caller", ""))


def cases(result: ScanResult) -> list[Case]:
    """Sort a result by server; every server that has a verdict or a failed check, by name."""
    findings: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in result.findings:
        findings[finding.server].append(finding)
    fails: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in result.outcomes:
        if outcome.status is Status.FAIL:
            fails[outcome.server].append(outcome)
    verdicts = {one.server: one for one in result.verdicts}
    postures = {one.server: one for one in result.postures}
    return [
        Case(
            server=server,
            verdict=verdicts.get(server),
            done=tuple(sorted(filter(_is_done, findings[server]), key=_weight)),
            tried=tuple(sorted(filter(_is_tried, findings[server]), key=_weight)),
            fails=tuple(sorted(fails[server], key=lambda one: (-one.severity.rank, one.check))),
            posture=postures.get(server),
        )
        for server in sorted({*verdicts, *fails, *postures, *findings})
    ]


def of_finding(finding: Finding) -> Reason:
    """A finding as the reason of a step, with the first place that shows it."""
    first = finding.evidence[0] if finding.evidence else None
    place = finding.path if first is None else f"{first.file}:{first.position}"
    return Reason(_said(finding), place)


def of_outcome(outcome: Outcome) -> Reason:
    """A failed check as the reason of a step."""
    known = ", exploited" if outcome.exploited else ""
    place = outcome.read_from[0] if outcome.read_from else ""
    name = outcome.check.upper() if outcome.about is About.VULNERABILITY else outcome.check
    return Reason(f"{name} ({outcome.severity}{known}): {outcome.reason}", place)


def distinct(targets: Iterable[Target]) -> tuple[Target, ...]:
    """Targets by name, compared without case; of two the first."""
    found: dict[str, Target] = {}
    for target in targets:
        found.setdefault(target.name.casefold(), target)
    return tuple(found.values())


def reasons_of(targets: Iterable[Target]) -> tuple[Reason, ...]:
    """The reasons of several targets, each once."""
    return tuple(dict.fromkeys(target.reason for target in targets))[:MAX_REASONS]


def left_out(targets: tuple[Target, ...]) -> tuple[str, ...]:
    """What to say of targets beyond `MAX_TARGETS`."""
    more = len(targets) - MAX_TARGETS
    return (f"{more:,} more are in the findings: they do not fit here.",) if more > 0 else ()


def _said(finding: Finding) -> str:
    return f"{finding.title} ({finding.severity}): {finding.why}"


def _counts(finding: Finding) -> bool:
    weighty = finding.severity.rank >= Severity.MEDIUM.rank
    return weighty and not finding.accepted and not finding.explained and finding.stage in CHAIN


def _is_done(finding: Finding) -> bool:
    return _counts(finding) and finding.grade is not Grade.ATTEMPT


def _is_tried(finding: Finding) -> bool:
    return _counts(finding) and finding.grade is Grade.ATTEMPT


def _weight(finding: Finding) -> tuple[int, int, int, str]:
    time = 0 if finding.first is None else finding.first
    return -finding.severity.rank, finding.stage.order, time, finding.id
