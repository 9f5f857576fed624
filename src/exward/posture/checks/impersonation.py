"""ApplicationImpersonation opens mailboxes through EWS as if their owners did."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import roles
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed
from exward.posture.checks.judging import listing
from exward.posture.inventory import Inventory

ID = "impersonation"
TITLE = "Nobody may impersonate all mailboxes"
SEVERITY = Severity.CRITICAL
READS = ("Get-ManagementRoleAssignment",)
GOOD = (
    "No regular assignment of ApplicationImpersonation beyond those of Exchange, or only with a "
    "recipient scope"
)
WHY = (
    "One password of a forgotten service account reads and sends everybody's mail, and no logon "
    "of theirs is seen."
)
FIX = Fix(
    change=(
        "Remove-ManagementRoleAssignment 'NAME', or narrow it: New-ManagementScope, then "
        "Set-ManagementRoleAssignment 'NAME' -CustomRecipientWriteScope 'SCOPE'"
    ),
    preview=(
        "Get-ManagementRoleAssignment -Role ApplicationImpersonation -GetEffectiveUsers | ft "
        "Name, EffectiveUserName, CustomRecipientWriteScope"
    ),
    undo="New-ManagementRoleAssignment -Role ApplicationImpersonation -User 'HOLDER'",
    breaks=(
        "Programs that work in many mailboxes: archives, room displays, backup, synchronisation."
    ),
)
SOURCES = (
    "https://learn.microsoft.com/exchange/client-developer/exchange-web-services/impersonation-and-ews-in-exchange",
)


def judge(inventory: Inventory) -> Answer:
    """Judge the holders; one with a scope is less bad, and still named."""
    found = roles.grants(inventory)
    if found is None:
        return not_collected(READS)
    held = [
        one for one in found if one.role.lower() == roles.IMPERSONATION and one.severity is not None
    ]
    if wide := [one.holder for one in held if not one.scoped]:
        return failed(f"Impersonates every mailbox: {listing(wide)}.")
    if held:
        said = f"Impersonates within a scope: {listing(one.holder for one in held)}."
        return failed(said, Severity.MEDIUM)
    return passed("Nobody was given ApplicationImpersonation.")
