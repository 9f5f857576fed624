"""Extended Protection above Microsoft's table is secure, and locks clients out."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, passed, unknown
from exward.posture.checks.judging import listing
from exward.posture.extended_protection import LEVELS, Location, locations
from exward.posture.inventory import IIS_CONFIG, Inventory

ID = "extended-protection-supported"
TITLE = "Extended Protection is nowhere higher than clients support"
SEVERITY = Severity.LOW
READS = (IIS_CONFIG,)
GOOD = "no virtual directory has Require where Microsoft's table has Allow or None"
WHY = "Clients fail there, and the usual answer to that is to switch Extended Protection off."
FIX = Fix(
    change="ExchangeExtendedProtectionManagement.ps1 # sets Microsoft's values",
    preview="ExchangeExtendedProtectionManagement.ps1 -ShowExtendedProtection",
    undo="ExchangeExtendedProtectionManagement.ps1 -RollbackType RestoreIISAppConfig",
    breaks="Phones and Macs connect again that were locked out.",
)
SOURCES = (
    "https://microsoft.github.io/CSS-Exchange/Security/Extended-Protection/",
    "https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/security-best-practices/exchange-extended-protection",
)


def judge(inventory: Inventory) -> Answer:
    """Whether it is too low is told with the vulnerabilities that are open then."""
    judged = locations(inventory)
    if not judged:
        return unknown(
            "applicationHost.config, which holds Extended Protection, was not collected."
        )
    if high := [f"{one.path} ({one.value})" for one in judged if _is_higher(one)]:
        return failed(f"Higher than in Microsoft's table: {listing(high)}.")
    if unread := [one.path for one in judged if one.value.lower() not in LEVELS]:
        return unknown(f"The value is none that IIS has: {listing(unread)}.")
    return passed(f"None of {len(judged)} virtual directories is set too high.")


def _is_higher(one: Location) -> bool:
    return LEVELS.get(one.value.lower(), 0) > LEVELS[one.expected.lower()]
