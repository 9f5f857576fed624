"""Get-ManagementRoleAssignment: who has which role of Exchange, and over what."""

from __future__ import annotations

from collections.abc import Iterator

from exward.access.exports.interface import Context
from exward.access.exports.properties import Properties
from exward.access.facts import Fact, Role

CMDLETS = ("Get-ManagementRoleAssignment",)

_SCOPES = ("CustomRecipientWriteScope", "CustomConfigWriteScope", "RecipientWriteScope")


def is_one(properties: Properties) -> bool:
    """Say whether an object has a role and an assignee."""
    return "Role" in properties and any(
        name in properties for name in ("RoleAssignee", "RoleAssigneeName")
    )


def facts(properties: Properties, context: Context) -> Iterator[Fact | str]:
    """Yield the assignment; one without role or assignee cannot be told."""
    role = properties.text("Role").rpartition("\\")[2]
    effective = properties.text("EffectiveUserName")
    assignee = properties.text("RoleAssigneeName", "RoleAssignee", "User") or effective
    if not role or not assignee:
        yield "a role assignment has no role or no assignee"
        return
    yield Role(
        name=properties.text("Name", "Identity"),
        role=role,
        assignee=assignee,
        assignee_kind=properties.text("RoleAssigneeType"),
        delegating=properties.text("RoleAssignmentDelegationType").startswith("Delegating"),
        scope=properties.text(*_SCOPES),
        enabled=properties.truth("Enabled") is not False,
        created=properties.time("WhenCreatedUTC", "WhenCreated"),
        place=context.place,
    )
