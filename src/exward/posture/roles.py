"""Management roles of Exchange that are worth stealing, and who holds them from the start.

Which roles these are stands in `content/access/roles.yml`, with the sources. A role group that
Exchange made may hold what it needs; what is told here is what somebody gave to others.
"""

from __future__ import annotations

from typing import NamedTuple

from exward.model import watchlist
from exward.model.severity import Severity
from exward.posture.data import Data
from exward.posture.inventory import Inventory
from exward.posture.row import Row

AREA = "Get-ManagementRoleAssignment"
IMPERSONATION = "applicationimpersonation"


class Grant(NamedTuple):
    """A regular assignment that counts; `scoped`: it holds for some recipients only."""

    role: str
    holder: str
    kind: str
    scoped: bool

    @property
    def severity(self) -> Severity | None:
        """How bad it is that this holder has the role; None: as Exchange set it up."""
        role = self.role.casefold()
        if self.kind == "roleassignmentpolicy":
            return None if role.startswith("my") else watchlist.FOR_ALL
        watched = watchlist.role_named().get(role)
        if watched is None or watched.is_usual(self.holder):
            return None
        return watched.severity(self.scoped)


def grants(inventory: Inventory) -> tuple[Grant, ...] | None:
    """Every assignment that is enabled and lets its holder act; None if it was not collected."""
    found = inventory.data(AREA)
    return None if found is None else found.once(_grants)


def _grants(data: Data) -> tuple[Grant, ...] | None:
    found = data.objects
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
