"""A vulnerability of programs on other machines, which a server's evidence cannot tell of."""

from __future__ import annotations

from exward.posture.checks.interface import Answer, not_applicable
from exward.posture.facts import Condition
from exward.posture.inventory import Inventory

READS: tuple[str, ...] = ()


def judge(condition: Condition, inventory: Inventory) -> Answer:
    """Does not arise on a server."""
    del condition, inventory
    return not_applicable("Concerns a program on clients: update it there.")
