"""Mail from outside should not be able to name a colleague as its sender."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import mail_flow
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import named

ID = "own-domain-from-outside"
TITLE = "Strangers cannot send in the name of the organisation"
SEVERITY = Severity.MEDIUM
READS = ("Get-ReceiveConnector",)
GOOD = "Where anonymous users send, they lack ms-Exch-SMTP-Accept-Authoritative-Domain-Sender"
WHY = (
    "Phishing that comes from the address of the director is delivered as if he had written it, "
    "unless something in front checks SPF and DMARC."
)
FIX = Fix(
    change=(
        r'Get-ReceiveConnector "$env:COMPUTERNAME\Default Frontend $env:COMPUTERNAME" | '
        r"Remove-ADPermission -User 'NT AUTHORITY\ANONYMOUS LOGON' -ExtendedRights "
        r"ms-Exch-SMTP-Accept-Authoritative-Domain-Sender"
    ),
    preview=(
        r"Get-ReceiveConnector | Get-ADPermission -User 'NT AUTHORITY\ANONYMOUS LOGON' | ? "
        r"ExtendedRights -like '*Authoritative-Domain-Sender' | ft Identity"
    ),
    undo=(
        r'Get-ReceiveConnector "$env:COMPUTERNAME\Default Frontend $env:COMPUTERNAME" | '
        r"Add-ADPermission -User 'NT AUTHORITY\ANONYMOUS LOGON' -ExtendedRights "
        r"ms-Exch-SMTP-Accept-Authoritative-Domain-Sender"
    ),
    breaks=(
        "Services outside that send in the name of the organisation, if SPF does not cover them."
    ),
)
SOURCES = (
    "https://learn.microsoft.com/exchange/mail-flow/connectors/receive-connectors",
    "https://learn.microsoft.com/exchange/mail-flow/connectors/allow-anonymous-relay",
)


def judge(inventory: Inventory) -> Answer:
    """Judge connectors that let anonymous users in from more than a few addresses."""
    found = mail_flow.receive_connectors(inventory)
    if found is None:
        return not_collected(READS)
    weak: list[str] = []
    missing: list[str] = []
    for row in found:
        name, groups = named(row, "Identity", "Name"), mail_flow.words(row, "PermissionGroups")
        may, count = row.truth("AnonymousOwnDomain"), mail_flow.reach(row)
        if may is False or (groups is not None and mail_flow.ANONYMOUS not in groups):
            continue
        if may is None or count is None:
            missing.append(f"whether strangers may name the organisation at {name}")
        elif not mail_flow.is_few(count):
            weak.append(f"{name} takes its own domains from {count:,} addresses")
    return concluded(weak, missing, "No connector takes its own domains from strangers.")
