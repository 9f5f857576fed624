"""How much a finding weighs in a story and in a verdict."""

from __future__ import annotations

from exward.model.finding import Finding, Grade
from exward.model.stage import CHAIN

LAST = 1 << 62
"""Sorts findings without a time after all others (µs)."""


def is_acted(finding: Finding) -> bool:
    """Whether the finding shows a step of an attack done: a success, or its trace found.

    A state in a stage of the chain (a web shell on disk, a foreign transport agent) is a trace.
    """
    if finding.stage not in CHAIN:
        return False
    return finding.grade is not Grade.ATTEMPT


def is_attempt(finding: Finding) -> bool:
    """Whether the finding shows that somebody tried, and no more."""
    return finding.grade is Grade.ATTEMPT


def time_key(finding: Finding) -> tuple[int, str]:
    """Order by first time, unknown times last, then id."""
    return (LAST if finding.first is None else finding.first, finding.id)


def weight_key(finding: Finding) -> tuple[int, int, int, int, str]:
    """Order by how telling: acted, severe, certain, early, then id."""
    return (
        0 if is_acted(finding) else 1,
        -finding.severity.rank,
        -_CONFIDENCE[finding.confidence],
        *time_key(finding),
    )


def confidence_rank(finding: Finding) -> int:
    """0 (low) to 2 (high)."""
    return _CONFIDENCE[finding.confidence]


_CONFIDENCE = {"low": 0, "medium": 1, "high": 2}
