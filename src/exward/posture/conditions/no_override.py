"""A security fix is in the build, but a setting override can switch it off."""

from __future__ import annotations

from exward.posture.checks.interface import Answer, failed, passed, unknown
from exward.posture.facts import Condition
from exward.posture.inventory import Inventory
from exward.posture.overrides import AREA, settings

READS = (AREA,)


def judge(condition: Condition, inventory: Inventory) -> Answer:
    """It holds if no override sets one of `values` (`Component/Section/Parameter`) to false."""
    found = settings(inventory)
    if found is None:
        return unknown("the setting overrides, which may switch the fix off, were not collected")
    wanted = {value.lower() for value in condition.values}
    off = [one for one in found if one.path.lower() in wanted and one.is_off]
    if off:
        return failed(f"The override {off[0].override!r} switches the fix off: {off[0].path}.")
    return passed("No setting override switches the fix off.")
