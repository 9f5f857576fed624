"""Somebody has to check whether a server may send for the domain that it names."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, not_collected, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.known import named, objects

ID = "sender-checks"
TITLE = "Senders are checked when mail comes in"
SEVERITY = Severity.MEDIUM
READS = ("Get-TransportAgent",)
GOOD = "The Sender Id Agent is enabled, or a gateway in front checks SPF, DKIM and DMARC"
WHY = (
    "Without it anybody sends as any company; exward mail judges such messages only after they "
    "arrived."
)
FIX = Fix(
    change=(
        r"& $env:ExchangeInstallPath\Scripts\Install-AntispamAgents.ps1; Restart-Service "
        r"MSExchangeTransport; Set-SenderIdConfig -SpoofedDomainAction Reject"
    ),
    preview="Get-TransportAgent 'Sender Id Agent'; Get-SenderIdConfig",
    undo=(
        r"& $env:ExchangeInstallPath\Scripts\Uninstall-AntispamAgents.ps1; Restart-Service "
        r"MSExchangeTransport"
    ),
    breaks="Mail of senders with a wrong SPF record.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/antispam-and-antimalware/antispam-protection/sender-id",
)
_AGENT = "sender id agent"


def judge(inventory: Inventory) -> Answer:
    """Judge the agent; a gateway in front does not show, so that without it nothing is known."""
    agents = objects(inventory, "Get-TransportAgent")
    if agents is None:
        return not_collected(READS)
    on = any(
        named(row, "Identity", "Name").lower() == _AGENT and row.truth("Enabled") for row in agents
    )
    if on:
        return passed("The Sender Id Agent is enabled.")
    return unknown("The Sender Id Agent is not enabled; whether a gateway checks does not show.")
