"""Finds the steps of this folder, in the order of a plan."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import cast

from exward.response.steps.interface import Step

REQUIRED = ("ID", "PHASE", "RANK", "AFTER", "TITLE", "EFFECT", "BREAKS", "actions")


@cache
def steps() -> tuple[Step, ...]:
    """Every step, by phase, rank and id."""
    folder = str(Path(__file__).parent)
    names = sorted(module.name for module in pkgutil.iter_modules([folder]))
    modules = [import_module(f"exward.response.steps.{name}") for name in names]
    found = [
        cast("Step", module)
        for module in modules
        if all(hasattr(module, required) for required in REQUIRED)
    ]
    return tuple(sorted(found, key=lambda step: (step.PHASE.order, step.RANK, step.ID)))
