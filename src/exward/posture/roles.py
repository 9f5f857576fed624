"""Management roles of Exchange that are worth stealing, and who holds them from the start.

Built-in roles and role groups: https://learn.microsoft.com/exchange/permissions/permissions and the
pages below it. A role group that Exchange made may hold what it needs; what is told here is what
somebody gave to others.
"""

from __future__ import annotations

from typing import NamedTuple

from exward.model.severity import Severity
from exward.posture.inventory import Inventory
from exward.posture.known import objects
from exward.posture.row import Row

AREA = "Get-ManagementRoleAssignment"
IMPERSONATION = "applicationimpersonation"
BUILT_IN = frozenset({
    "organization management", "recipient management", "server management", "records management",
    "discovery management", "hygiene management", "compliance management", "delegated setup",
    "help desk", "public folder management", "um management", "view-only organization management",
    "security administrator", "security reader", "exchange servers", "exchange trusted subsystem",
})  # fmt: skip
# Nobody holds these from the start, except the role groups named: giving them is somebody's act.
NEVER = {
    IMPERSONATION: frozenset({"hygiene management", "exchange servers"}),
    "mailbox import export": frozenset[str](),
    "unscoped role management": frozenset[str](),
    "mailbox search": frozenset({"discovery management"}),
    "support diagnostics": frozenset({"exchange servers", "exchange trusted subsystem"}),
}
_SEVERITIES = {
    "mailbox import export": Severity.CRITICAL,
    "unscoped role management": Severity.CRITICAL,
    "mailbox search": Severity.CRITICAL,
    "role management": Severity.CRITICAL,
    "active directory permissions": Severity.CRITICAL,
    "support diagnostics": Severity.HIGH,
    "data loss prevention": Severity.HIGH,
    "security group creation and membership": Severity.HIGH,
    "exchange server certificates": Severity.HIGH,
    "exchange virtual directories": Severity.HIGH,
    "exchange servers": Severity.HIGH,
    "databases": Severity.HIGH,
    "disaster recovery": Severity.HIGH,
    "transport agents": Severity.HIGH,
    "transport rules": Severity.HIGH,
    "journaling": Severity.HIGH,
    "send connectors": Severity.HIGH,
    "receive connectors": Severity.HIGH,
    "remote and accepted domains": Severity.HIGH,
    "organization configuration": Severity.HIGH,
    "organization client access": Severity.HIGH,
    "federated sharing": Severity.HIGH,
    "org custom apps": Severity.HIGH,
    "audit logs": Severity.HIGH,
    "reset password": Severity.HIGH,
    "mail recipients": Severity.HIGH,
    "mail recipient creation": Severity.HIGH,
    "user options": Severity.MEDIUM,
    "retention management": Severity.MEDIUM,
    "legal hold": Severity.MEDIUM,
    "move mailboxes": Severity.MEDIUM,
    "migration": Severity.MEDIUM,
}
_LOWER = {Severity.CRITICAL: Severity.HIGH, Severity.HIGH: Severity.MEDIUM}


class Grant(NamedTuple):
    """A regular assignment that counts; `scoped`: it holds for some recipients only."""

    role: str
    holder: str
    kind: str
    scoped: bool

    @property
    def severity(self) -> Severity | None:
        """How bad it is that this holder has the role; None: as Exchange set it up."""
        role, holder = self.role.lower(), self.holder.lower()
        if self.kind == "roleassignmentpolicy":
            return None if role.startswith("my") else Severity.CRITICAL
        if holder in NEVER.get(role, BUILT_IN):
            return None
        found = _SEVERITIES.get(role)
        return _LOWER.get(found, found) if found is not None and self.scoped else found


def grants(inventory: Inventory) -> tuple[Grant, ...] | None:
    """Every assignment that is enabled and lets its holder act; None if it was not collected."""
    return inventory.once("roles/grants", lambda: _grants(inventory))


def _grants(inventory: Inventory) -> tuple[Grant, ...] | None:
    found = objects(inventory, AREA)
    if not found or any(row.text("Role") is None or _holder(row) == "" for row in found):
        return None
    return tuple(_grant(row) for row in found if _counts(row))


def _counts(row: Row) -> bool:
    kind = (row.text("RoleAssignmentDelegationType") or "regular").lower()
    return kind == "regular" and row.truth("Enabled") is not False


def _grant(row: Row) -> Grant:
    return Grant(
        _last(row.text("Role") or ""),
        _holder(row),
        (row.text("RoleAssigneeType") or "").lower(),
        bool(row.text("CustomRecipientWriteScope")),
    )


def _holder(row: Row) -> str:
    return row.text("RoleAssigneeName") or _last(row.text("RoleAssignee") or "")


def _last(path: str) -> str:
    """The name of an object from its canonical name, `contoso.example/Folder/Name`."""
    return path.rpartition("/")[2]
