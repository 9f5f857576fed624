"""In which order people meet things: what needs an act first, then by time, then by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exward.model.incident import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exward.model.finding import Finding
    from exward.model.incident import Incident, ServerVerdict

ATTENTION = (
    Verdict.COMPROMISED,
    Verdict.ATTEMPTED,
    Verdict.EXPOSED,
    Verdict.CANNOT_TELL,
    Verdict.CLEAN,
)
"""A server that cannot be judged needs an act, a clean one needs none."""


def rank_verdicts(verdicts: Iterable[ServerVerdict]) -> list[ServerVerdict]:
    """Sort by what needs attention first, then by server."""
    return sorted(verdicts, key=lambda one: (ATTENTION.index(one.verdict), one.server))


def rank_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Sort by severity, worst first, then by time, server, rule, title; accepted ones come last."""
    return sorted(findings, key=_finding_key)


def rank_incidents(incidents: Iterable[Incident]) -> list[Incident]:
    """Sort by severity, worst first, then by time."""
    return sorted(incidents, key=_incident_key)


def _finding_key(finding: Finding) -> tuple[bool, int, bool, int, str, str, str, str]:
    first = finding.first
    time = 0 if first is None else first
    rank = -finding.severity.rank
    return (
        bool(finding.accepted),
        rank,
        first is None,
        time,
        finding.server,
        finding.rule,
        finding.title,
        finding.id,
    )


def _incident_key(incident: Incident) -> tuple[int, bool, int, str]:
    first = incident.first
    return (-incident.severity.rank, first is None, 0 if first is None else first, incident.id)
