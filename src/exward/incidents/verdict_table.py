"""The table from findings and coverage to verdict, as data (`verdict_table.yml`)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
import yaml

# msgspec reads these annotations when the program runs.
from exward.model.finding import Confidence
from exward.model.incident import Verdict
from exward.model.severity import Severity
from exward.model.stage import Stage


class FindingsNeed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Findings that a row demands: at least `rules` different rules with one that fits."""

    grade: Literal["acted", "attempt", "state", "success"]
    severity: Severity
    confidence: Confidence = Confidence.LOW
    stages: str = ""
    seen_in: Literal["any", "host", "web"] = "any"
    rules: int = 1


class IncidentNeed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One incident that a row demands, judged by its findings on the server in question."""

    stages: int
    rules: int
    host: Severity
    attempt: bool = False


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row: all conditions that are given have to hold."""

    id: str
    verdict: Verdict
    because: str
    would_change: str
    findings: FindingsNeed | None = None
    also: FindingsNeed | None = None
    incident: IncidentNeed | None = None
    records_below: int | None = None
    outcome_fails: Severity | None = None
    coverage: Literal["", "web-and-host", "windows-only"] = ""
    unread: bool = False


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole table; the last row has no condition, so that one always holds."""

    minimum_common_hours: float
    most_unread_share: float
    stages: dict[str, tuple[Stage, ...]]
    rows: tuple[Row, ...]


@cache
def verdict_table() -> Table:
    """Load the table that ships with the package; a fault in it raises ValidationError."""
    text = files(__package__).joinpath("verdict_table.yml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.safe_load(text), Table)
