"""A mailbox that forwards outside gives all of its mail away."""

from __future__ import annotations

from typing import NamedTuple

from exward.model.severity import Severity
from exward.posture import mail_flow
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.data import Data
from exward.posture.inventory import Inventory
from exward.posture.known import named

ID = "forwarding-mailboxes"
TITLE = "No mailbox forwards outside"
SEVERITY = Severity.HIGH
READS = ("Get-Mailbox", "Get-AcceptedDomain")
GOOD = "ForwardingSmtpAddress is empty or of a domain of the organisation"
WHY = "All mail of the person, with links to reset passwords, goes to whoever set the address."
FIX = Fix(
    change="Set-Mailbox NAME -ForwardingSmtpAddress $null -ForwardingAddress $null",
    preview=(
        "Get-Mailbox -ResultSize Unlimited | ? { $_.ForwardingSmtpAddress -or "
        "$_.ForwardingAddress } | ft Name, Forwarding*"
    ),
    undo="Set-Mailbox NAME -ForwardingSmtpAddress ADDRESS",
)
SOURCES = (
    "https://learn.microsoft.com/powershell/module/exchange/set-mailbox",
    "https://attack.mitre.org/techniques/T1114/003/",
)


def judge(inventory: Inventory) -> Answer:
    """Judge addresses; where a recipient of the directory (ForwardingAddress) leads is open."""
    mailboxes, own = inventory.data("Get-Mailbox"), mail_flow.own_domains(inventory)
    found = None if mailboxes is None else mailboxes.once(_forwarding)
    if found is None or own is None:
        return not_collected(READS)
    weak = [
        f"{name} to {one}"
        for name, address in found.addresses
        for one in mail_flow.outside([address], own)
    ]
    return concluded(weak, found.missing, "No mailbox forwards outside.")


class _Forwarding(NamedTuple):
    """Names of mailboxes with the addresses that they forward to, and what is not known."""

    addresses: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]


def _forwarding(mailboxes: Data) -> _Forwarding | None:
    if mailboxes.objects is None:
        return None
    addresses: list[tuple[str, str]] = []
    missing: list[str] = []
    for row in mailboxes.objects:
        name = named(row, "Name", "PrimarySmtpAddress")
        address = row.text("ForwardingSmtpAddress")
        if address:
            addresses.append((name, address))
        elif address is None and row.raw("ForwardingSmtpAddress") is not None:
            missing.append(f"where {name} forwards to")
        if row.raw("ForwardingAddress"):
            missing.append(f"where {row.text('ForwardingAddress')} leads ({name} forwards there)")
    return _Forwarding(tuple(addresses), tuple(missing))
