"""A review of access on the terminal: what changed, what is wrong, what to decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from exward.model.finding import Finding, Grade
from exward.model.result import ScanResult

MAX_LINES = 15
"""Findings shown under each heading."""
_TO_DECIDE = frozenset({"access-group-members"})


def lines(result: ScanResult) -> Iterator[str]:
    """Yield the summary line by line, the worst first; accepted findings are left out."""
    ranked = sorted(
        (one for one in result.findings if not one.accepted),
        key=lambda one: (-one.severity.rank, one.title, one.id),
    )
    changed = [one for one in ranked if one.grade is not Grade.STATE]
    standing = [one for one in ranked if one.grade is Grade.STATE]
    yield from _part("What changed", changed)
    yield from _part("What is wrong", [one for one in standing if one.rule not in _TO_DECIDE])
    yield from _part("What to decide", [one for one in ranked if one.rule in _TO_DECIDE])
    run = result.run
    accepted = sum(bool(one.accepted) for one in result.findings)
    yield f"Read: {run.records:,} facts in {run.files:,} files; accepted: {accepted:,} findings"


def _part(title: str, findings: Sequence[Finding]) -> Iterator[str]:
    yield f"{title}: {len(findings) or 'nothing'}"
    for one in findings[:MAX_LINES]:
        yield f"  {one.severity.upper():<13} {one.title}"
        yield f"                {one.why}"
        if one.advice and one.rule not in _TO_DECIDE:
            yield f"                {one.advice}"
    if len(findings) > MAX_LINES:
        yield f"  … and {len(findings) - MAX_LINES:,} more: see --report FILE.html"
    yield ""
