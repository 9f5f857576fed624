"""Windows Extended Protection binds a logon to its TLS channel, so that it cannot be relayed."""

from __future__ import annotations

from exward.posture.checks.interface import Answer, failed, passed, unknown
from exward.posture.extended_protection import locations, missing, suppressed
from exward.posture.facts import Condition
from exward.posture.inventory import IIS_CONFIG, Inventory

READS = (IIS_CONFIG, "registry")


def judge(condition: Condition, inventory: Inventory) -> Answer:
    """It holds if every virtual directory has the value of Microsoft's table, or a higher one."""
    del condition
    if suppressed(inventory):
        return failed("SuppressExtendedProtection below Lsa turns Extended Protection off.")
    judged = locations(inventory)
    if not judged:
        return unknown("applicationHost.config, which holds Extended Protection, was not collected")
    weak = [f"{one.path} ({one.value})" for one in judged if not one.is_secure]
    if weak:
        return failed(f"Extended Protection is too low on {', '.join(weak[:5])}.")
    if lacking := missing(judged):
        return unknown(f"applicationHost.config does not tell of {', '.join(lacking)}")
    if suppressed(inventory) is None:
        return unknown("whether SuppressExtendedProtection is set was not collected")
    return passed(f"Extended Protection is on for all {len(judged)} virtual directories.")
