"""A server that may go anywhere fetches tools and sends mail archives anywhere."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, not_collected, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.known import objects

ID = "outbound-traffic"
TITLE = "The server reaches only what it needs"
SEVERITY = Severity.MEDIUM
READS = ("firewall",)
GOOD = (
    "Outbound traffic is blocked by default here, or by a firewall in front (which does not show)"
)
WHY = "Web shells fetch tools, stolen mail leaves, and remote control works through any address."
FIX = Fix(
    change=(
        "In the firewall in front: allow DNS, the domain controllers, SMTP, Microsoft 365 and "
        "certificate revocation, officeclient.microsoft.com and Windows Update; block the rest"
    ),
    preview="Get-NetFirewallProfile | ft Name, DefaultOutboundAction",
    undo="Set-NetFirewallProfile -All -DefaultOutboundAction Allow",
    breaks="Mitigations, updates and hybrid features, if their addresses are forgotten.",
)
SOURCES = ("https://learn.microsoft.com/exchange/plan-and-deploy/deployment-ref/network-ports",)


def judge(inventory: Inventory) -> Answer:
    """Pass if Windows blocks; otherwise only the firewall in front could tell."""
    found = objects(inventory, "firewall")
    if not found:
        return not_collected(READS)
    actions = [(row.text("DefaultOutbound") or "").lower() for row in found]
    on = all(row.truth("Enabled") for row in found)
    if on and all(action == "block" for action in actions):
        return passed("Windows Firewall blocks what goes out by default.")
    return unknown(
        "Windows lets everything out; whether a firewall in front does not, is not known."
    )
