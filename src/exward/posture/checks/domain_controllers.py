"""What the checks of settings on all domain controllers have in common."""

from __future__ import annotations

from exward.posture.checks.interface import Answer, failed, not_collected, passed, unknown
from exward.posture.inventory import Inventory

READS = ("domain-controllers",)


def all_have(inventory: Inventory, member: str, good: int) -> Answer:
    """Pass if every controller has this number; one that could not be asked is unknown."""
    controllers = inventory.rows(READS[0])
    if not controllers:
        return not_collected(READS)
    values = {row.text("Name") or "?": row.number(member) for row in controllers}
    weak = [f"{name} ({value})" for name, value in values.items() if value not in {good, None}]
    unread = [name for name, value in values.items() if value is None]
    if weak:
        return failed(f"Too low on {', '.join(weak[:5])}; {good} is needed.")
    if unread:
        return unknown(f"Not collected from {', '.join(unread[:5])}.")
    return passed(f"{good} on all {len(values)} domain controllers.")
