"""The firewall of Windows is the last one before the server."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import named, objects

ID = "windows-firewall"
TITLE = "Windows Firewall is on"
SEVERITY = Severity.HIGH
READS = ("firewall",)
GOOD = "Every profile is enabled and blocks what comes in by default"
WHY = (
    "Every service of the server can be reached from every computer of the network, also from the "
    "first that was taken over."
)
FIX = Fix(
    change="Set-NetFirewallProfile -All -Enabled True -DefaultInboundAction Block",
    preview="Get-NetFirewallProfile | ft Name, Enabled, DefaultInboundAction",
    undo="Set-NetFirewallProfile -Name Domain -Enabled False",
    breaks="Programs without a rule of their own. Exchange makes its rules itself.",
)
SOURCES = (
    "https://learn.microsoft.com/windows/security/operating-system-security/network-security/windows-firewall/",
    "https://learn.microsoft.com/exchange/plan-and-deploy/deployment-ref/network-ports",
)


def judge(inventory: Inventory) -> Answer:
    """Judge every profile; NotConfigured inbound means Block."""
    found = objects(inventory, "firewall")
    if not found:
        return not_collected(READS)
    weak: list[str] = []
    missing: list[str] = []
    for row in found:
        name, on, inbound = named(row, "Name"), row.truth("Enabled"), row.text("DefaultInbound")
        if on is False:
            weak.append(f"{name} is off")
        elif inbound is not None and inbound.lower() == "allow":
            weak.append(f"{name} lets everything in")
        elif on is None or inbound is None:
            missing.append(f"profile {name}")
    return concluded(weak, missing, f"All {len(found):,} profiles are on.")
