"""Journaling sends a copy of everything to one address."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import mail_flow
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import named, objects

ID = "journal-rules"
TITLE = "Mail is journaled inside only"
SEVERITY = Severity.HIGH
READS = ("Get-JournalRule", "Get-AcceptedDomain")
GOOD = "JournalEmailAddress of each enabled rule is of a domain of the organisation"
WHY = "All mail that a rule is for is copied, without a trace in the mailboxes."
FIX = Fix(
    change="Disable-JournalRule 'NAME'",
    preview="Get-JournalRule | ft Name, Enabled, Scope, JournalEmailAddress",
    undo="Enable-JournalRule 'NAME'",
    breaks="The archive, if it is one: then accept the finding with its reason.",
)
SOURCES = ("https://learn.microsoft.com/exchange/policy-and-compliance/journaling/journaling",)


def judge(inventory: Inventory) -> Answer:
    """Judge enabled rules; an archive at a provider is named, and may be meant."""
    found, own = objects(inventory, "Get-JournalRule"), mail_flow.own_domains(inventory)
    if found is None or own is None:
        return not_collected(READS)
    active = [row for row in found if row.truth("Enabled") is not False]
    weak: list[str] = []
    missing: list[str] = []
    for row in active:
        address = row.text("JournalEmailAddress")
        if not address:
            missing.append(f"where {named(row, 'Name')} sends to")
        weak += [
            f"{named(row, 'Name')} to {one}" for one in mail_flow.outside([address or ""], own)
        ]
    return concluded(weak, missing, f"None of {len(active):,} journal rules leads outside.")
