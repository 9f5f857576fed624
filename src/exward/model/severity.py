"""How bad a finding is, in Sigma's five levels."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """Sigma rule levels, from least to most severe."""

    INFORMATIONAL = "informational"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 (informational) to 4 (critical), for comparing and sorting."""
        return _RANK[self]


_RANK = {severity: rank for rank, severity in enumerate(Severity)}
