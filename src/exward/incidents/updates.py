"""Installed updates of Exchange explain what they do: services stop, files change, scripts run.

When one was finished is told by findings of rules that say `marks: exchange-update`. A finding
of a rule that says `explained_by: [exchange-update]` and lies wholly within such a time on that
server is lowered, never removed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from exward.incidents.words import when
from exward.model.finding import Finding
from exward.model.severity import Severity

MINUTE = 60_000_000
BEFORE = 60 * MINUTE
AFTER = 20 * MINUTE
"""µs around the end of an installation: set-up takes up to an hour, then services restart."""

Windows = dict[str, list[tuple[int, int]]]


def explain(
    findings: Iterable[Finding],
    marks: Mapping[str, str],
    explained_by: Mapping[str, tuple[str, ...]],
) -> tuple[Finding, ...]:
    """Lower what an installation explains; `marks` and `explained_by` are by rule id."""
    held = tuple(findings)
    windows: defaultdict[str, Windows] = defaultdict(lambda: defaultdict(list))
    for finding in held:
        mark = marks.get(finding.rule)
        if mark:
            windows[mark][finding.server] += [
                (place.time - BEFORE, place.time + AFTER)
                for place in finding.evidence
                if place.time is not None
            ]
    return tuple(_explained(one, windows, explained_by.get(one.rule, ())) for one in held)


def _explained(finding: Finding, windows: Mapping[str, Windows], marks: tuple[str, ...]) -> Finding:
    for mark in marks:
        for start, end in windows.get(mark, {}).get(finding.server, ()):
            if _lies_in(finding, start, end):
                lowest = min(finding.severity, Severity.LOW, key=lambda one: one.rank)
                note = f"fits the installation of an Exchange update, {when(start + BEFORE)}"
                return replace(finding, severity=lowest, explained=note)
    return finding


def _lies_in(finding: Finding, start: int, end: int) -> bool:
    return (
        finding.first is not None
        and finding.last is not None
        and start <= finding.first
        and finding.last <= end
    )
