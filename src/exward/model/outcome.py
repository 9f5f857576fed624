"""The answer of a posture check."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from exward.model.severity import Severity


class Status(StrEnum):
    """Answers of a check; no evidence is never a pass."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check says of one server, in one sentence, with the fix."""

    check: str
    title: str
    status: Status
    severity: Severity
    server: str
    reason: str
    fix: str = ""
    references: tuple[str, ...] = ()
