"""Servers against stages: how far the attack came on each of them, at one look."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exward.model.finding import Grade
from exward.model.severity import Severity
from exward.model.stage import CHAIN, Stage
from exward.reports.order import rank_verdicts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exward.model.finding import Finding
    from exward.model.incident import ServerVerdict, Verdict

MAX_ROWS = 200
_ORDER = (Grade.SUCCESS, Grade.ATTEMPT, Grade.STATE)


@dataclass(frozen=True, slots=True)
class Cell:
    """One stage on one server: the strongest grade (None: nothing was found), how many."""

    stage: Stage
    grade: Grade | None
    count: int


@dataclass(frozen=True, slots=True)
class Row:
    """One server."""

    server: str
    verdict: Verdict
    cells: tuple[Cell, ...]


def matrix(verdicts: Iterable[ServerVerdict], findings: Iterable[Finding]) -> list[Row]:
    """A row for each server, what needs attention first; none if there is only one server.

    Findings of medium and above count; accepted ones do not.
    """
    ranked = rank_verdicts(verdicts)
    if len(ranked) < 2:
        return []
    seen: defaultdict[tuple[str, Stage], list[Grade]] = defaultdict(list)
    for finding in findings:
        if finding.severity.rank >= Severity.MEDIUM.rank and not finding.accepted:
            seen[finding.server, finding.stage].append(finding.grade)
    return [
        Row(
            one.server,
            one.verdict,
            tuple(_cell(stage, seen.get((one.server, stage), [])) for stage in CHAIN),
        )
        for one in ranked[:MAX_ROWS]
    ]


def _cell(stage: Stage, grades: list[Grade]) -> Cell:
    return Cell(stage, next((one for one in _ORDER if one in grades), None), len(grades))
