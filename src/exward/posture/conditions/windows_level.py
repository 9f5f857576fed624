"""A fix that comes with Windows: the system's build and its revision tell."""

from __future__ import annotations

from exward.posture.checks.interface import Answer, failed, not_applicable, passed, unknown
from exward.posture.facts import Condition
from exward.posture.inventory import Inventory

READS = ("host",)


def judge(condition: Condition, inventory: Inventory) -> Answer:
    """`levels`: Windows build → first revision (UBR) with the fix.

    `values` are builds that are affected, too, and whose first revision the facts do not have;
    the others are not affected.
    """
    host = inventory.row("host")
    number = None if host is None else host.number("OsBuild")
    revision = None if host is None else host.number("OsRevision")
    if number is None:
        return unknown("the build of Windows was not collected")
    needed = condition.levels.get(str(number))
    if str(number) in condition.values:
        return unknown(f"the facts do not have the first fixed revision of Windows build {number}")
    if needed is None:
        return not_applicable(f"Windows build {number} is not one that the facts name.")
    if revision is None:
        return unknown(f"the revision of Windows build {number} was not collected")
    said = f"Windows is {number}.{revision}, fixed from {number}.{needed}."
    return passed(said) if revision >= needed else failed(said)
