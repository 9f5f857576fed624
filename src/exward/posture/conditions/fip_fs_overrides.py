"""ADV24199947: the vulnerable Outside In module is off unless an override turns it on again."""

from __future__ import annotations

from exward.posture.checks.interface import Answer, failed, passed, unknown
from exward.posture.facts import Condition
from exward.posture.inventory import Inventory
from exward.posture.known import texts

READS = ("fip-fs",)


def judge(condition: Condition, inventory: Inventory) -> Answer:
    """It holds if no line of FIP-FS's Configuration.xml ends in the flag `|NO`."""
    del condition
    engine = inventory.row("fip-fs")
    lines = None if engine is None else texts(engine, "OverrideLines")
    if lines is None:
        return unknown("FIP-FS's Configuration.xml was not collected")
    if lines:
        return failed(f"FIP-FS's Configuration.xml turns the old module on again: {lines[0]!r}.")
    return passed("FIP-FS's Configuration.xml turns no old module on.")
