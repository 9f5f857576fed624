"""Roles of Exchange that somebody gave away are rarely taken back."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import roles
from exward.posture.checks.interface import Answer, Fix, not_collected, passed
from exward.posture.checks.judging import worst
from exward.posture.inventory import Inventory

ID = "management-roles"
TITLE = "Dangerous management roles are held as Exchange set them up"
SEVERITY = Severity.HIGH
READS = ("Get-ManagementRoleAssignment",)
GOOD = (
    "No regular assignment of a dangerous role outside Exchange's own role groups; only My… roles "
    "in assignment policies"
)
WHY = (
    "Mailbox Import Export writes any file as SYSTEM, other roles read all mail, add transport "
    "rules or give further roles. Intruders give them to accounts that they have."
)
FIX = Fix(
    change="Remove-ManagementRoleAssignment 'NAME' -Confirm:$false",
    preview=(
        "Get-ManagementRoleAssignment -GetEffectiveUsers | ? RoleAssignmentDelegationType -eq "
        "Regular | ft Role, RoleAssigneeName, EffectiveUserName"
    ),
    undo="New-ManagementRoleAssignment -Role 'ROLE' -SecurityGroup 'HOLDER'",
    breaks=(
        "Backup, archive and migration programs that use the role: ask who owns the account first."
    ),
)
SOURCES = (
    "https://learn.microsoft.com/exchange/permissions/permissions",
    "https://attack.mitre.org/techniques/T1098/002/",
)


def judge(inventory: Inventory) -> Answer:
    """Judge each assignment; impersonation has its own check."""
    found = roles.grants(inventory)
    if found is None:
        return not_collected(READS)
    bad = worst(
        (one.severity, f"{one.role}: {one.holder}{' (scoped)' if one.scoped else ''}")
        for one in found
        if one.severity is not None
        and (one.role.lower() != roles.IMPERSONATION or one.kind == "roleassignmentpolicy")
    )
    if bad is not None:
        return bad
    return passed(f"None of {len(found):,} assignments is out of the ordinary.")
