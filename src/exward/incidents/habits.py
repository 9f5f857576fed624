"""Who writes to everybody again and again has the habit, and is no mailbox that somebody took.

A burst of mail from one mailbox is told by a correlation, which knows an hour. That the same
mailbox did the same in other weeks explains it: newsletters, the personnel department.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from exward.incidents.joins import DAY
from exward.model.finding import Finding
from exward.model.severity import Severity

SPREADING = "T1534"
"""ATT&CK: internal spearphishing."""
MIN_DAYS = 3
MIN_SPAN = 7 * DAY
"""µs: an intruder does not come back for weeks to do the same."""


def explain(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Lower bursts of mail that come on three days or more, over a week or more."""
    return tuple(_explained(one) if SPREADING in one.techniques else one for one in findings)


def _explained(finding: Finding) -> Finding:
    days = {place.time // DAY for place in finding.evidence if place.time is not None}
    first, last = finding.first, finding.last
    if first is None or last is None or last - first < MIN_SPAN or len(days) < MIN_DAYS:
        return finding
    note = f"this mailbox does so again and again: on {len(days)} days in what is shown"
    return replace(finding, severity=Severity.INFORMATIONAL, explained=note)
