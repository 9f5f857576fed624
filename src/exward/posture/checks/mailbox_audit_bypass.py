"""An account with a bypass leaves no trace in any mailbox."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import named, objects

ID = "mailbox-audit-bypass"
TITLE = "No account is left out of mailbox auditing"
SEVERITY = Severity.HIGH
READS = ("Get-MailboxAuditBypassAssociation",)
GOOD = "No association has AuditBypassEnabled"
WHY = (
    "exward would be blind to whatever such an account does in mailboxes. Intruders set it before "
    "they read."
)
FIX = Fix(
    change="Set-MailboxAuditBypassAssociation NAME -AuditBypassEnabled $false",
    preview=(
        "Get-MailboxAuditBypassAssociation -ResultSize Unlimited | ? AuditBypassEnabled | ft Name"
    ),
    undo="Set-MailboxAuditBypassAssociation NAME -AuditBypassEnabled $true",
    breaks="Much more log, if a program opens every mailbox.",
)
SOURCES = (
    "https://learn.microsoft.com/powershell/module/exchange/set-mailboxauditbypassassociation",
)


def judge(inventory: Inventory) -> Answer:
    """Judge the associations; a row without the value is one that has it (docs/collector.md)."""
    found = objects(inventory, "Get-MailboxAuditBypassAssociation")
    if found is None:
        return not_collected(READS)
    values = [
        (named(row, "Name"), row.truth("AuditBypassEnabled"), "AuditBypassEnabled" in row)
        for row in found
    ]
    weak = [f"{name} is left out" for name, on, there in values if on or not there]
    missing = [f"whether {name} is left out" for name, on, there in values if there and on is None]
    return concluded(weak, missing, "No account is left out.")
