"""With split permissions those who run Exchange cannot make or own accounts of the domain."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import roles
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed
from exward.posture.checks.judging import listing
from exward.posture.inventory import Inventory

ID = "split-permissions"
TITLE = "Administrators of Exchange cannot make accounts of the domain"
SEVERITY = Severity.MEDIUM
READS = ("directory", "Get-ManagementRoleAssignment")
GOOD = (
    "Split permissions by Active Directory (the OU Microsoft Exchange Protected Groups exists) or "
    "by roles"
)
WHY = (
    "Whoever takes over Exchange creates users and changes groups, and so gets at all else. Small "
    "teams that run both may accept it."
)
FIX = Fix(
    change=(
        "Setup.exe /IAcceptExchangeServerLicenseTerms_DiagnosticDataON /PrepareAD "
        "/ActiveDirectorySplitPermissions:true"
    ),
    preview=(
        "Get-ManagementRoleAssignment -Role 'Mail Recipient Creation' | ft RoleAssigneeName, "
        "RoleAssignmentDelegationType"
    ),
    undo=(
        "Setup.exe /IAcceptExchangeServerLicenseTerms_DiagnosticDataON /PrepareAD "
        "/ActiveDirectorySplitPermissions:false"
    ),
    breaks=(
        "Mailboxes and groups can only be made by administrators of the domain from then on; "
        "provisioning programs fail."
    ),
)
SOURCES = ("https://learn.microsoft.com/exchange/permissions/split-permissions/split-permissions",)
_ROLES = frozenset({"mail recipient creation", "security group creation and membership"})


def judge(inventory: Inventory) -> Answer:
    """Judge the directory's form, then that by roles."""
    directory = inventory.row("directory")
    split = None if directory is None else directory.truth("SplitPermissions")
    if split:
        return passed("Permissions are split by Active Directory.")
    found = roles.grants(inventory)
    if found is None or split is None:
        return not_collected(READS)
    holders = sorted({one.holder for one in found if one.role.lower() in _ROLES})
    if holders:
        return failed(f"Roles that make accounts and groups are held by {listing(holders)}.")
    return passed("No role of Exchange makes accounts or groups of the domain.")
