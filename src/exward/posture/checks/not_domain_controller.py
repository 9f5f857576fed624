"""On a domain controller whoever takes Exchange has the domain in the same moment."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, passed, unknown
from exward.posture.inventory import Inventory

ID = "not-domain-controller"
TITLE = "The server is not a domain controller"
SEVERITY = Severity.HIGH
READS = ("host",)
GOOD = "DomainRole is 3, a member server (2 for an Edge server)"
WHY = "SYSTEM on the server is SYSTEM on the directory: every web shell reads all password hashes."
FIX = Fix(
    change=(
        "Install Exchange on a member server, move the mailboxes, and uninstall it here. Never "
        "demote a domain controller that has Exchange."
    ),
    preview="(Get-CimInstance Win32_ComputerSystem).DomainRole",
    undo="There is none that is supported.",
)
SOURCES = ("https://learn.microsoft.com/exchange/plan-and-deploy/prerequisites",)
_CONTROLLERS = {4, 5}


def judge(inventory: Inventory) -> Answer:
    """Judge the role that Windows tells."""
    host = inventory.row("host")
    role = None if host is None else host.number("DomainRole")
    if role is None:
        return unknown("The server's role in the domain is not known.")
    said = f"DomainRole is {role}."
    return failed(said) if role in _CONTROLLERS else passed(said)
