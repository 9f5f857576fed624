"""A mitigation is applied: by the Emergency Mitigation service, or by Microsoft's script EOMT."""

from __future__ import annotations

import re

from exward.posture import iis
from exward.posture.checks.interface import Answer, failed, passed, unknown
from exward.posture.facts import Condition
from exward.posture.inventory import IIS_CONFIG, Inventory
from exward.posture.known import texts

READS = ("Get-ExchangeServer", IIS_CONFIG)


def judge(condition: Condition, inventory: Inventory) -> Answer:
    """It holds if one of `values` is a rewrite rule that is on, or is applied and not blocked.

    A later version of a mitigation (`M2.1` for `M2`) will do.
    """
    rules = iis.rewrite_rules(inventory)
    made = [value for value in condition.values if value.lower() in rules]
    if made:
        return passed(f"The rewrite rule {made[0]!r} is in place.")
    own = inventory.server.partition(".")[0].lower()
    servers = [
        row
        for row in inventory.rows("Get-ExchangeServer") or ()
        if (row.text("Name") or "").lower() == own
    ]
    applied = texts(servers[0], "MitigationsApplied") if servers else None
    if applied is None:
        return unknown("the mitigations applied (Get-ExchangeServer) were not collected")
    blocked = texts(servers[0], "MitigationsBlocked") if servers else None
    if blocked is None:
        return unknown("the mitigations blocked (Get-ExchangeServer) were not collected")
    wanted = "|".join(map(re.escape, condition.values))
    found = [one for one in applied if re.fullmatch(rf"(?:{wanted})(?:\.\d+)*", one)]
    holding = [one for one in found if one not in blocked]
    if holding:
        return passed(f"Mitigation {holding[0]} is applied.")
    return failed(f"Mitigation {', '.join(condition.values)} is not applied.")
