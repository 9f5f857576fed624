"""Roles of one's own at the top level run scripts that Exchange does not check."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import named, objects

ID = "unscoped-roles"
TITLE = "No role of one's own runs scripts"
SEVERITY = Severity.HIGH
READS = ("Get-ManagementRole",)
GOOD = "No management role has the type UnScoped"
WHY = (
    "Such a role runs any script in RemoteScripts with the rights of Exchange: a lasting way in "
    "that hardly anybody looks for."
)
FIX = Fix(
    change=(
        "Get-ManagementRole 'NAME' | Get-ManagementRoleAssignment | "
        "Remove-ManagementRoleAssignment; Remove-ManagementRole 'NAME' -UnScopedTopLevel"
    ),
    preview=r"Get-ManagementRole | ? RoleType -eq UnScoped; Get-ManagementRoleEntry 'NAME\*'",
    undo="New-ManagementRole 'NAME' -UnScopedTopLevel",
)
SOURCES = ("https://learn.microsoft.com/powershell/module/exchange/new-managementrole",)


def judge(inventory: Inventory) -> Answer:
    """Judge the roles that are not built in."""
    found = objects(inventory, "Get-ManagementRole")
    if found is None:
        return not_collected(READS)
    kinds = [(named(row, "Name", "Identity"), row.text("RoleType")) for row in found]
    weak = [f"the role {name} is unscoped" for name, kind in kinds if _is_unscoped(kind)]
    missing = [f"the type of the role {name}" for name, kind in kinds if kind is None]
    return concluded(weak, missing, "No role is unscoped.")


def _is_unscoped(kind: str | None) -> bool:
    return kind is not None and kind.lower() == "unscoped"
