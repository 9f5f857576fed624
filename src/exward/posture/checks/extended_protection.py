"""Extended Protection on every virtual directory, whatever the build: no CVE names SE."""

from __future__ import annotations

from exward.model.outcome import Status
from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, unknown
from exward.posture.conditions import extended_protection
from exward.posture.facts import Condition
from exward.posture.inventory import Inventory

ID = "extended-protection"
TITLE = "Extended Protection is on for every virtual directory"
SEVERITY = Severity.CRITICAL
READS = extended_protection.READS
GOOD = "tokenChecking is that of Microsoft's table or higher; SuppressExtendedProtection is not set"
WHY = (
    "A logon that somebody was lured into sending elsewhere is relayed to Exchange, which takes "
    "it for the user (CVE-2024-21410, known to be exploited)."
)
FIX = Fix(
    change=".\\ExchangeExtendedProtectionManagement.ps1 # sets Microsoft's values on all servers",
    preview=".\\ExchangeExtendedProtectionManagement.ps1 -ShowExtendedProtection",
    undo=".\\ExchangeExtendedProtectionManagement.ps1 -RollbackType RestoreIISAppConfig",
    breaks=(
        "Clients behind SSL offloading or a load balancer with another certificate, NTLM version "
        "1, and the modern hybrid agent on EWS."
    ),
)
SOURCES = (
    "https://microsoft.github.io/CSS-Exchange/Security/Extended-Protection/",
    "https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/security-best-practices/exchange-extended-protection",
)
_CONDITION = Condition("extended-protection")


def judge(inventory: Inventory) -> Answer:
    """Judge as for CVE-2024-21410, on products that it does not name as well."""
    answer = extended_protection.judge(_CONDITION, inventory)
    if answer.status is Status.UNKNOWN:
        return unknown(f"Not known: {answer.reason}.")
    return answer
