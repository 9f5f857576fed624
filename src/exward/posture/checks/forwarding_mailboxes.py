"""A mailbox that forwards outside gives all of its mail away."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import mail_flow
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import named, objects

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
    found, own = objects(inventory, "Get-Mailbox"), mail_flow.own_domains(inventory)
    if found is None or own is None:
        return not_collected(READS)
    weak: list[str] = []
    missing: list[str] = []
    for row in found:
        name = named(row, "Name", "PrimarySmtpAddress")
        address = row.text("ForwardingSmtpAddress")
        if address is None and row.raw("ForwardingSmtpAddress") is not None:
            missing.append(f"where {name} forwards to")
        weak += [f"{name} to {one}" for one in mail_flow.outside([address or ""], own)]
        if row.raw("ForwardingAddress"):
            missing.append(f"where {row.text('ForwardingAddress')} leads ({name} forwards there)")
    return concluded(weak, missing, "No mailbox forwards outside.")
