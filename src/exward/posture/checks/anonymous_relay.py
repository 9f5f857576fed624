"""An open relay sends anybody's mail in the name of the organisation."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import mail_flow
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded, worst
from exward.posture.inventory import Inventory
from exward.posture.known import named

ID = "anonymous-relay"
TITLE = "Nobody relays mail without signing in"
SEVERITY = Severity.HIGH
READS = ("Get-ReceiveConnector",)
GOOD = "Where anonymous users may send to any recipient, RemoteIPRanges has at most 256 addresses"
WHY = (
    "Strangers, or one infected computer, send spam and phishing through the server; the "
    "organisation lands on block lists and its name is used."
)
FIX = Fix(
    change=(
        r"Get-ReceiveConnector 'SERVER\NAME' | Get-ADPermission -User 'NT AUTHORITY\ANONYMOUS "
        r"LOGON' | ? { $_.ExtendedRights -like 'ms-Exch-SMTP-Accept-Any-Recipient' } | "
        r"Remove-ADPermission, or narrow it: Set-ReceiveConnector 'SERVER\NAME' -RemoteIPRanges "
        r"192.0.2.10, 192.0.2.11"
    ),
    preview=(
        r"Get-ReceiveConnector | ft Identity, PermissionGroups, RemoteIPRanges; "
        r"Get-ReceiveConnector | Get-ADPermission -User 'NT AUTHORITY\ANONYMOUS LOGON' | ? "
        r"ExtendedRights -like 'ms-Exch-SMTP-Accept-Any-Recipient'"
    ),
    undo=(
        r"Get-ReceiveConnector 'SERVER\NAME' | Add-ADPermission -User 'NT AUTHORITY\ANONYMOUS "
        r"LOGON' -ExtendedRights ms-Exch-SMTP-Accept-Any-Recipient"
    ),
    breaks=(
        "Printers, scanners and programs that send through the server: list their addresses first "
        "(protocol log)."
    ),
)
SOURCES = (
    "https://learn.microsoft.com/exchange/mail-flow/connectors/allow-anonymous-relay",
    "https://learn.microsoft.com/exchange/mail-flow/connectors/receive-connectors",
)


def judge(inventory: Inventory) -> Answer:
    """Judge connectors that let anonymous users in; the whole internet is critical."""
    found = mail_flow.receive_connectors(inventory)
    if found is None:
        return not_collected(READS)
    bad: list[tuple[Severity, str]] = []
    missing: list[str] = []
    for row in found:
        name = named(row, "Identity", "Name")
        groups = mail_flow.words(row, "PermissionGroups")
        relays = row.truth("AnonymousRelay")
        if relays is False or (groups is not None and mail_flow.ANONYMOUS not in groups):
            continue
        count = mail_flow.reach(row)
        if relays is None or count is None:
            missing.append(f"whether {name} relays for anybody, and for whom")
        elif not mail_flow.is_few(count):
            level = Severity.CRITICAL if mail_flow.is_everybody(count) else Severity.HIGH
            bad.append((level, f"{name} relays for {count:,} addresses"))
    answer = worst(bad)
    return answer or concluded((), missing, "No connector relays for more than a few addresses.")
