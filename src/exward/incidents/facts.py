"""What is known about one server when its verdict is due."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exward.incidents.attribution import UNKNOWN_HOST, servers_around
from exward.incidents.covered import is_web
from exward.incidents.grading import weight_key
from exward.model.outcome import Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from exward.model.coverage import SourceCoverage
    from exward.model.finding import Finding
    from exward.model.incident import Incident
    from exward.model.skipped import Skipped


@dataclass(frozen=True, slots=True)
class Facts:
    """One server's share of a run. `findings` are in order of weight, most telling first."""

    server: str
    findings: tuple[Finding, ...]
    incidents: tuple[Incident, ...]
    coverage: tuple[SourceCoverage, ...]
    unread: tuple[Skipped, ...]
    """Whole files that could not be read and may be this server's."""
    fails: tuple[Outcome, ...]
    """Posture checks that failed, worst first."""
    web_sources: frozenset[str]
    """Evidence paths of web logs, of any server."""

    def is_web_only(self, finding: Finding) -> bool:
        """Whether only web logs show the finding."""
        places = {place.file for place in finding.evidence}
        return bool(places) and places <= self.web_sources


def gather(
    findings: Iterable[Finding],
    incidents: Iterable[Incident],
    coverage: Sequence[SourceCoverage],
    skipped: Iterable[Skipped],
    outcomes: Iterable[Outcome],
) -> list[Facts]:
    """Sort everything by server; every server that anything names gets its facts, by name.

    Evidence that could not be read counts for the servers of the nearest folder, or for all.
    """
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        found[finding.server or UNKNOWN_HOST].append(finding)
    rows: defaultdict[str, list[SourceCoverage]] = defaultdict(list)
    for row in coverage:
        rows[row.server or UNKNOWN_HOST].append(row)
    stories: defaultdict[str, list[Incident]] = defaultdict(list)
    for incident in incidents:
        for server in incident.servers:
            stories[server].append(incident)
    fails: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.status is Status.FAIL:
            fails[outcome.server or UNKNOWN_HOST].append(outcome)
    unread = _unread(coverage, skipped)
    servers = sorted({*found, *rows, *fails}) or ([UNKNOWN_HOST] if unread else [])
    everywhere = unread.pop("", [])
    web_sources = frozenset(row.source for row in coverage if is_web(row))
    return [
        Facts(
            server=server,
            findings=tuple(sorted(found[server], key=weight_key)),
            incidents=tuple(sorted(stories[server], key=lambda incident: incident.id)),
            coverage=tuple(rows[server]),
            unread=tuple(sorted((*unread.get(server, ()), *everywhere), key=_skipped_key)),
            fails=tuple(sorted(fails[server], key=lambda o: (-o.severity.rank, o.check))),
            web_sources=web_sources,
        )
        for server in servers
    ]


def _unread(
    coverage: Sequence[SourceCoverage], skipped: Iterable[Skipped]
) -> dict[str, list[Skipped]]:
    """Whole files that were not read, by the servers around them; "" stands for all servers.

    Single records that were lost inside a file that was read count in its coverage row.
    """
    around = servers_around(coverage)
    read = {row.source for row in coverage}
    unread: defaultdict[str, list[Skipped]] = defaultdict(list)
    for piece in skipped:
        if piece.position is None and (piece.count == 0 or piece.source not in read):
            for server in around(piece.source) or ("",):
                unread[server].append(piece)
    return dict(unread)


def _skipped_key(piece: Skipped) -> tuple[str, str]:
    return (piece.source, piece.reason)
