"""The process tree of an incident as rows: who started whom, and what was found about it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exward.model.finding import Grade

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from exward.model.finding import Finding
    from exward.model.incident import Process

MAX_ROWS = 250
MAX_DEPTH = 12
"""Deeper processes stand under each other at this depth."""
MAX_FINDINGS = 4


@dataclass(frozen=True, slots=True)
class Branch:
    """One process in the tree's order; `name` is its program without the folder."""

    depth: int
    process: Process
    name: str
    grade: Grade | None
    findings: tuple[Finding, ...]


def branches(processes: Iterable[Process], findings: Mapping[str, Finding]) -> list[Branch]:
    """Every process once, below the one that started it; siblings keep their order.

    A process whose parent is not there is a root, and so is one of a circle of parents.
    """
    known = {process.id: process for process in processes}
    children: defaultdict[str, list[Process]] = defaultdict(list)
    roots = []
    for process in known.values():
        if process.parent in known and process.parent != process.id:
            children[process.parent].append(process)
        else:
            roots.append(process)
    rows: list[Branch] = []
    left = dict(known)
    for process in (*roots, *known.values()):
        _add(process, children, left, rows, findings)
    return rows[:MAX_ROWS]


def _add(
    root: Process,
    children: Mapping[str, Sequence[Process]],
    left: dict[str, Process],
    rows: list[Branch],
    findings: Mapping[str, Finding],
) -> None:
    waiting = [(0, root)]
    while waiting:
        depth, process = waiting.pop()
        if left.pop(process.id, None) is None:
            continue
        rows.append(_branch(depth, process, findings))
        below = children.get(process.id, ())
        waiting += [(min(depth + 1, MAX_DEPTH), child) for child in reversed(below)]


def _branch(depth: int, process: Process, findings: Mapping[str, Finding]) -> Branch:
    about = [findings[name] for name in process.findings if name in findings]
    grades = {finding.grade for finding in about}
    order = (Grade.SUCCESS, Grade.ATTEMPT, Grade.STATE)
    return Branch(
        depth=depth,
        process=process,
        name=re.split(r"[\\/]", process.image)[-1] or process.image or "(unknown program)",
        grade=next((grade for grade in order if grade in grades), None),
        findings=tuple(about[:MAX_FINDINGS]),
    )
