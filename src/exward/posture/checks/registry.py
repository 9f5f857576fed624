"""Finds the checks of this folder, and asks them all.

A module is a check if it defines every name of `interface.Check`; others only support checks.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import cast

from exward.model.outcome import Outcome
from exward.posture.checks.interface import Answer, Check, Described, unknown
from exward.posture.inventory import Inventory

REQUIRED = ("ID", "TITLE", "SEVERITY", "READS", "GOOD", "WHY", "FIX", "SOURCES", "judge")
REGISTRY = "registry"


@cache
def checks() -> tuple[Check, ...]:
    """Every check, sorted by id."""
    folder = str(Path(__file__).parent)
    names = sorted(module.name for module in pkgutil.iter_modules([folder]))
    modules = [import_module(f"exward.posture.checks.{name}") for name in names]
    found = [
        cast("Check", module)
        for module in modules
        if all(hasattr(module, required) for required in REQUIRED)
    ]
    return tuple(sorted(found, key=lambda check: check.ID))


def ask(inventory: Inventory) -> Iterator[Outcome]:
    """Yield what every check says of one server."""
    for check in checks():
        answer = _judged(check, inventory)
        yield outcome(check, answer, inventory.server, inventory.sources(*check.READS))


def _judged(check: Check, inventory: Inventory) -> Answer:
    try:
        return check.judge(inventory)
    except Exception as error:  # noqa: BLE001 - around one check: the others still answer
        return unknown(f"The check failed with {type(error).__name__}: a defect in exward.")


def outcome(check: Described, answer: Answer, server: str, read_from: tuple[str, ...]) -> Outcome:
    """What a check's answer means for a server; `read_from`: the evidence that was asked."""
    return Outcome(
        check=check.ID,
        title=check.TITLE,
        status=answer.status,
        severity=check.SEVERITY if answer.severity is None else answer.severity,
        server=server,
        reason=answer.reason,
        fix=check.FIX.change,
        references=check.SOURCES,
        why=check.WHY,
        preview=check.FIX.preview,
        undo=check.FIX.undo,
        breaks=check.FIX.breaks,
        read_from=read_from,
    )
