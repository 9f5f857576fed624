"""Finds the kinds of conditions of this folder."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import cast

from exward.posture.checks.interface import Answer, unknown
from exward.posture.conditions.interface import ConditionKind
from exward.posture.facts import Condition
from exward.posture.inventory import Inventory


@cache
def kinds() -> Mapping[str, ConditionKind]:
    """Every kind by its name."""
    found = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        loaded = import_module(f"exward.posture.conditions.{module.name}")
        if hasattr(loaded, "READS") and hasattr(loaded, "judge"):
            found[module.name.replace("_", "-")] = cast("ConditionKind", loaded)
    return MappingProxyType(dict(sorted(found.items())))


def judge(condition: Condition, inventory: Inventory) -> Answer:
    """Ask the module of the condition's kind; newer facts may name one that is not known here."""
    kind = kinds().get(condition.kind)
    if kind is None:
        return unknown(f"This version of exward cannot judge {condition.kind!r}.")
    return kind.judge(condition, inventory)
