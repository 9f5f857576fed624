"""A mitigation that was fetched and blocked protects as little as one that never came."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import (
    Answer,
    Fix,
    failed,
    not_applicable,
    not_collected,
    passed,
    unknown,
)
from exward.posture.checks.judging import listing
from exward.posture.inventory import Inventory
from exward.posture.known import own_row, texts
from exward.posture.levels import reaches

ID = "mitigations-applied"
TITLE = "Mitigations arrive and none is blocked"
SEVERITY = Severity.HIGH
READS = ("Get-ExchangeServer", "build")
GOOD = "MitigationsApplied holds PING1, which shows that they arrive; MitigationsBlocked is empty"
WHY = "The next emergency mitigation would not arrive, or one is kept from working."
FIX = Fix(
    change="Set-ExchangeServer $env:COMPUTERNAME -MitigationsBlocked @(); "
    "Restart-Service MSExchangeMitigation",
    preview="Get-ExchangeServer $env:COMPUTERNAME | fl Mitigations*",
    undo="Set-ExchangeServer $env:COMPUTERNAME -MitigationsBlocked @('NAME')",
    breaks="The function that the mitigation switches off, for which it was blocked.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/security-best-practices/exchange-emergency-mitigation-service",
    "https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/EEMSCheck/",
)
_FIRST = ("15.1.2375.7", "15.2.986.5")


def judge(inventory: Inventory) -> Answer:
    """Judge what the server says of itself; PING1 is the test mitigation."""
    if reaches(inventory, _FIRST) is False:
        return not_applicable("This build came before the Emergency Mitigation service.")
    server = own_row(inventory, READS[0])
    if server is None:
        return not_collected(READS[:1])
    applied, blocked = texts(server, "MitigationsApplied"), texts(server, "MitigationsBlocked")
    if blocked:
        return failed(f"Blocked: {listing(blocked)}.")
    if applied is None or blocked is None:
        return unknown("The mitigations applied or blocked were not collected.")
    if not any(one.upper().startswith("PING") for one in applied):
        return failed("PING1 is not applied: mitigations do not arrive.")
    return passed(f"Applied: {listing(applied)}.")
