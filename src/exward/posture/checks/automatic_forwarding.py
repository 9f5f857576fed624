"""Mail that forwards itself outside is the quietest theft."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.known import objects

ID = "automatic-forwarding"
TITLE = "Mail is not forwarded outside automatically"
SEVERITY = Severity.HIGH
READS = ("Get-RemoteDomain",)
GOOD = "AutoForwardEnabled of the remote domain * is False"
WHY = "An intruder sets one rule and reads along for months, also after passwords were changed."
FIX = Fix(
    change="Set-RemoteDomain Default -AutoForwardEnabled $false",
    preview="Get-RemoteDomain | ft Name, DomainName, AutoForwardEnabled",
    undo="Set-RemoteDomain Default -AutoForwardEnabled $true",
    breaks=(
        "Forwarding that people set up themselves. ForwardingSmtpAddress set by administrators is "
        "stopped as well."
    ),
)
SOURCES = (
    "https://learn.microsoft.com/powershell/module/exchange/set-remotedomain",
    "https://attack.mitre.org/techniques/T1114/003/",
)


def judge(inventory: Inventory) -> Answer:
    """Judge the remote domain of everybody; single ones may be meant."""
    found = objects(inventory, "Get-RemoteDomain")
    if found is None:
        return not_collected(READS)
    every = [row for row in found if row.text("DomainName") == "*"]
    allowed = every[0].truth("AutoForwardEnabled") if every else None
    if allowed is None:
        return unknown("AutoForwardEnabled of the remote domain * is not known.")
    said = f"AutoForwardEnabled of the remote domain * is {allowed}."
    return failed(said) if allowed else passed(said)
