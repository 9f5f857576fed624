"""The password of krbtgt signs every ticket of the domain."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.known import MICROSECONDS_A_DAY

ID = "krbtgt-password"
TITLE = "The password of krbtgt is at most 180 days old"
SEVERITY = Severity.MEDIUM
READS = ("directory",)
GOOD = "KrbtgtPasswordSet lies at most 180 days before the collection"
WHY = (
    "Whoever ever copied it makes tickets for any account (golden tickets) until it was changed "
    "twice."
)
FIX = Fix(
    change=(
        "Reset it, wait until all domain controllers have it and 10 hours more, and reset it "
        "again: Set-ADAccountPassword krbtgt -Reset"
    ),
    preview="Get-ADUser krbtgt -Properties PasswordLastSet",
    undo="There is none, and none is needed.",
    breaks="Two resets within 10 hours end all tickets: services fail until they sign in again.",
)
SOURCES = (
    "https://learn.microsoft.com/windows-server/identity/ad-ds/manage/forest-recovery-guide/ad-forest-recovery-reset-the-krbtgt-password",
)
MAX_DAYS = 180


def judge(inventory: Inventory) -> Answer:
    """Judge the age at the time of the collection."""
    directory = inventory.row("directory")
    changed = None if directory is None else directory.moment("KrbtgtPasswordSet")
    area = inventory.areas.get("directory")
    collected = None if area is None else area.collected
    if changed is None or collected is None or collected < changed:
        return unknown("The age of the password of krbtgt is not known.")
    days = (collected - changed) // MICROSECONDS_A_DAY
    said = f"The password of krbtgt was {days:,} days old."
    return failed(said) if days > MAX_DAYS else passed(said)
