"""Findings, coverage rows and losses that tests build in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exward.model.coverage import Gap, SourceCoverage
from exward.model.finding import Confidence, Evidence, Finding, Grade
from exward.model.severity import Severity
from exward.model.stage import Stage

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
START = 1_767_571_200 * SECOND
"""2026-01-05 00:00:00 UTC."""

SECURITY = "EX01/Logs/Security.evtx"
SYSMON = "EX01/Logs/Microsoft-Windows-Sysmon%4Operational.evtx"
IIS = "EX01/LogFiles/W3SVC1/u_ex260105.log"


def finding(
    name: str,
    stage: str = "exploration",
    severity: str = "high",
    *,
    at: int | None = START,
    fields: Mapping[str, str] | None = None,
    file: str = SECURITY,
    **changes: Any,
) -> Finding:
    """A finding of rule `name` on EX01, with one place; `at` in microseconds UTC."""
    values: dict[str, Any] = {
        "id": f"id-{name}",
        "detector": "sigma",
        "rule": name,
        "title": f"Rule {name}",
        "severity": Severity(severity),
        "confidence": Confidence.MEDIUM,
        "stage": Stage(stage),
        "techniques": (),
        "server": "EX01",
        "account": "",
        "source_ip": "",
        "first": at,
        "last": at,
        "count": 1,
        "grade": Grade.SUCCESS,
        "evidence": (Evidence(file, 7, at, dict(fields or {})),),
        "why": f"{name} was seen",
    }
    return Finding(**(values | changes))


def row(
    log: str,
    source: str = SECURITY,
    *,
    server: str = "EX01",
    hours: float = 24,
    start: int = START,
    records: int = 5_000,
    skipped: int = 0,
    gaps: tuple[Gap, ...] = (),
) -> SourceCoverage:
    """Coverage of one log for so many hours."""
    return SourceCoverage(
        source=source,
        format="iis-w3c" if log == "iis" else "evtx",
        log=log,
        server=server,
        records=records,
        skipped=skipped,
        size_bytes=1,
        first=start,
        last=start + int(hours * HOUR),
        gaps=gaps,
    )
