"""Users may do more with Exchange than read mail."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, not_collected, unknown
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import objects, texts

ID = "self-service-roles"
TITLE = "Users cannot make groups or install add-ins"
SEVERITY = Severity.LOW
READS = ("Get-RoleAssignmentPolicy",)
GOOD = (
    "The default policy has none of MyDistributionGroups, My Custom Apps, My Marketplace Apps, My "
    "ReadWriteMailbox Apps"
)
WHY = (
    "Add-ins read mail and stay after the password was changed; some holes of Exchange need these "
    "roles."
)
FIX = Fix(
    change=(
        "Get-ManagementRoleAssignment -RoleAssignee 'Default Role Assignment Policy' -Role 'My "
        "Custom Apps' | Remove-ManagementRoleAssignment"
    ),
    preview="Get-RoleAssignmentPolicy | fl Name, IsDefault, AssignedRoles",
    undo=(
        "New-ManagementRoleAssignment -Policy 'Default Role Assignment Policy' -Role 'My Custom "
        "Apps'"
    ),
    breaks="Users can no longer own groups or choose add-ins.",
)
SOURCES = ("https://learn.microsoft.com/exchange/permissions/policies/policies",)
_ROLES = frozenset({
    "mydistributiongroups", "my custom apps", "my marketplace apps", "my readwritemailbox apps",
})  # fmt: skip


def judge(inventory: Inventory) -> Answer:
    """Judge the policy that new mailboxes get."""
    found = objects(inventory, "Get-RoleAssignmentPolicy")
    if not found:
        return not_collected(READS)
    default = [row for row in found if row.truth("IsDefault")] or list(found[:1])
    held = texts(default[0], "AssignedRoles")
    if held is None:
        return unknown("The roles of the default policy cannot be read.")
    wide = [name for role in held if (name := role.rpartition("/")[2]).lower() in _ROLES]
    return concluded(wide, (), "The default policy has none of these roles.")
