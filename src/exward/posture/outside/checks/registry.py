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
from exward.posture.checks.interface import Answer, unknown
from exward.posture.checks.registry import outcome
from exward.posture.outside.checks.interface import Check
from exward.posture.outside.seen import Seen

REQUIRED = ("ID", "TITLE", "SEVERITY", "WHY", "FIX", "SOURCES", "judge")


@cache
def checks() -> tuple[Check, ...]:
    """Every check, sorted by id."""
    folder = str(Path(__file__).parent)
    names = sorted(module.name for module in pkgutil.iter_modules([folder]))
    modules = [import_module(f"exward.posture.outside.checks.{name}") for name in names]
    found = [
        cast("Check", module)
        for module in modules
        if all(hasattr(module, required) for required in REQUIRED)
    ]
    return tuple(sorted(found, key=lambda check: check.ID))


def ask(seen: Seen) -> Iterator[Outcome]:
    """Yield what every check says of one server."""
    for check in checks():
        answer = _judged(check, seen)
        yield outcome(check, answer, seen.server, (seen.origin,))


def _judged(check: Check, seen: Seen) -> Answer:
    try:
        return check.judge(seen)
    except Exception as error:  # noqa: BLE001 - around one check: the others still answer
        return unknown(f"The check failed with {type(error).__name__}: a defect in exward.")
