"""Mailbox auditing says who opened, sent and deleted mail."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, not_collected
from exward.posture.checks.judging import concluded, listing
from exward.posture.inventory import Inventory
from exward.posture.known import named, objects

ID = "mailbox-audit"
TITLE = "Every mailbox is audited"
SEVERITY = Severity.MEDIUM
READS = ("Get-Mailbox",)
GOOD = "AuditEnabled is True for every mailbox"
WHY = (
    "exward would be blind to who read and deleted what in these mailboxes; nobody could say "
    "afterwards what was stolen."
)
FIX = Fix(
    change=(
        "Get-Mailbox -ResultSize Unlimited -Filter { AuditEnabled -eq $false } | Set-Mailbox "
        "-AuditEnabled $true -AuditOwner MailboxLogin, HardDelete, SoftDelete, Move"
    ),
    preview="Get-Mailbox -ResultSize Unlimited | group AuditEnabled",
    undo="Set-Mailbox NAME -AuditEnabled $false",
    breaks="Some per cent more space in each mailbox.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/policy-and-compliance/mailbox-audit-logging/mailbox-audit-logging",
)


def judge(inventory: Inventory) -> Answer:
    """Judge the collected mailboxes: those that are not audited are among them."""
    found = objects(inventory, "Get-Mailbox")
    if found is None:
        return not_collected(READS)
    values = [(named(row, "Name"), row.truth("AuditEnabled")) for row in found]
    off = [name for name, value in values if value is False]
    if off:
        return failed(f"{len(off):,} mailboxes are not audited: {listing(off)}.")
    missing = [f"whether {name} is audited" for name, value in values if value is None]
    return concluded((), missing, "Every mailbox is audited.")
