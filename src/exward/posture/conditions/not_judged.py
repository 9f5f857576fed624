"""A fix of another product that no evidence about Exchange tells of."""

from __future__ import annotations

from exward.posture.checks.interface import Answer, unknown
from exward.posture.facts import Condition
from exward.posture.inventory import Inventory

READS: tuple[str, ...] = ()


def judge(condition: Condition, inventory: Inventory) -> Answer:
    """Never more than unknown."""
    del condition, inventory
    return unknown("what fixes it is an update of another product, which is not judged here")
