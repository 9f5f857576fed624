"""Externally secured connectors believe everything that they are told."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import mail_flow
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import named

ID = "external-authoritative"
TITLE = "Externally secured connectors listen to a few addresses only"
SEVERITY = Severity.HIGH
READS = ("Get-ReceiveConnector",)
GOOD = "ExternalAuthoritative only where RemoteIPRanges has at most 256 addresses"
WHY = (
    "Mail that comes in there counts as internal and authenticated: it is not filtered, may be "
    "relayed, and shows colleagues as senders."
)
FIX = Fix(
    change=r"Set-ReceiveConnector 'SERVER\NAME' -RemoteIPRanges 192.0.2.10, or -AuthMechanism Tls",
    preview="Get-ReceiveConnector | ft Identity, AuthMechanism, RemoteIPRanges",
    undo=(
        r"Set-ReceiveConnector 'SERVER\NAME' -AuthMechanism ExternalAuthoritative -RemoteIPRanges …"
    ),
    breaks="Mail from the systems that use the connector: list their addresses first.",
)
SOURCES = ("https://learn.microsoft.com/exchange/mail-flow/connectors/receive-connectors",)
_EXTERNAL = "externalauthoritative"


def judge(inventory: Inventory) -> Answer:
    """Judge the connectors of this server."""
    found = mail_flow.receive_connectors(inventory)
    if found is None:
        return not_collected(READS)
    weak: list[str] = []
    missing: list[str] = []
    for row in found:
        name, ways = named(row, "Identity", "Name"), mail_flow.words(row, "AuthMechanism")
        count = mail_flow.reach(row)
        if ways is None or (_EXTERNAL in ways and count is None):
            missing.append(f"whom {name} believes")
        elif _EXTERNAL in ways and count is not None and not mail_flow.is_few(count):
            weak.append(f"{name} believes {count:,} addresses")
    return concluded(weak, missing, "No connector believes more than a few addresses.")
