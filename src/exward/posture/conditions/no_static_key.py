"""CVE-2020-0688: every server had the same key for signing ASP.NET's view state."""

from __future__ import annotations

from exward.posture.checks.interface import Answer, failed, passed
from exward.posture.facts import Condition
from exward.posture.iis import elements, ending
from exward.posture.inventory import IIS_CONFIG, Inventory

READS = (IIS_CONFIG,)
# The fixed validationKey of ecp's web.config begins so (public since February 2020:
# https://www.zerodayinitiative.com/blog/2020/2/24/cve-2020-0688).
_STATIC = "CB2721ABDAF8"


def judge(condition: Condition, inventory: Inventory) -> Answer:
    """It holds unless a configuration file still has the key: the update makes a new one."""
    del condition
    for row in ending(elements(inventory), "system.web/machinekey"):
        if (row.text("validationKey") or "").upper().startswith(_STATIC):
            return failed(f"{row.text('File')} still has the key that every server had.")
    return passed("The update gave the server a key of its own.")
