"""Rules in a mailbox forward and hide mail, and outlive a new password."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import mail_flow
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import named, objects, texts

ID = "inbox-rules"
TITLE = "No rule of a mailbox forwards outside"
SEVERITY = Severity.HIGH
READS = ("Get-InboxRule", "Get-AcceptedDomain")
GOOD = "ForwardTo, ForwardAsAttachmentTo and RedirectTo name nobody outside"
WHY = "Whoever once had the password keeps reading; the rule hides the answers as well."
FIX = Fix(
    change="Disable-InboxRule NAME -Mailbox OWNER; after the investigation Remove-InboxRule",
    preview=(
        "Get-InboxRule -Mailbox OWNER | fl Name, Enabled, ForwardTo, ForwardAsAttachmentTo, "
        "RedirectTo, DeleteMessage"
    ),
    undo="Enable-InboxRule NAME -Mailbox OWNER",
)
SOURCES = (
    "https://learn.microsoft.com/powershell/module/exchange/get-inboxrule",
    "https://attack.mitre.org/techniques/T1114/003/",
)
_TARGETS = ("ForwardTo", "ForwardAsAttachmentTo", "RedirectTo")


def judge(inventory: Inventory) -> Answer:
    """Judge rules that are enabled; they are collected only if somebody asked for them."""
    found, own = objects(inventory, "Get-InboxRule"), mail_flow.own_domains(inventory)
    if found is None or own is None:
        return not_collected(READS)
    weak: list[str] = []
    missing: list[str] = []
    for row in found:
        if row.truth("Enabled") is False:
            continue
        name = f"{named(row, 'Name')} of {named(row, 'MailboxOwnerId')}"
        for target in _TARGETS:
            addresses = texts(row, target)
            if addresses is None and target in row:
                missing.append(f"{target} of {name}")
            weak += [f"{name} to {one}" for one in mail_flow.outside(addresses or (), own)]
    return concluded(weak, missing, f"None of {len(found):,} rules leads outside.")
