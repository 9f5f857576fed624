"""An account that reads mail opens what attackers send."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import groups
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import named

ID = "administrators-without-mailbox"
TITLE = "Accounts of administrators have no mailbox"
SEVERITY = Severity.MEDIUM
READS = ("directory-groups",)
GOOD = "No enabled account in a group that owns Exchange or the domain has a mailbox"
WHY = (
    "One message that is opened, or one password that is tried at OWA, gives away Exchange or the "
    "domain. Separate accounts also let MFA be required for one without the other."
)
FIX = Fix(
    change=(
        "Give the person a second account, then Remove-ADGroupMember 'Organization Management' "
        "-Members NAME"
    ),
    preview=(
        "Get-ADGroupMember 'Organization Management' -Recursive | Get-ADUser -Properties "
        "msExchMailboxGuid | ? msExchMailboxGuid"
    ),
    undo="Add-ADGroupMember 'Organization Management' -Members NAME",
)
SOURCES = (
    "https://learn.microsoft.com/windows-server/identity/ad-ds/plan/security-best-practices/implementing-least-privilege-administrative-models",
)


def judge(inventory: Inventory) -> Answer:
    """Judge accounts in groups of owners, also through other groups."""
    found = groups.people(inventory)
    if found is None:
        return not_collected(READS)
    enabled = [
        (row, within)
        for row, within in found.values()
        if row.truth("Enabled") is not False and not groups.is_computer(row)
    ]
    weak = [
        f"{named(row, 'Name', 'Dn')} ({', '.join(sorted(within))})"
        for row, within in enabled
        if row.truth("HasMailbox")
    ]
    missing = [
        f"whether {named(row, 'Name', 'Dn')} has a mailbox"
        for row, _ in enabled
        if row.truth("HasMailbox") is None
    ]
    return concluded(weak, missing, f"None of {len(enabled):,} administrators has a mailbox.")
