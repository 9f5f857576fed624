"""Take back rights on mailboxes and roles of Exchange that the intruder gave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from exward.response.case import MAX_TARGETS, Call, Case, Target, reasons_of
from exward.response.plan import Action, Phase
from exward.response.quoting import Command, command, is_name

ID = "remove-mailbox-rights"
PHASE = Phase.EVICT
RANK = 35
AFTER = ("keep-evidence",)
TITLE = "Take back mailbox rights and management roles that were given"
EFFECT = "The receivers can no longer open the mailboxes or use the roles."
BREAKS = "Rights that somebody ordered: ask."


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a right is given: parameters that name it, and the lines that show, take, give it."""

    cmdlet: str
    names: tuple[tuple[str, ...], ...]
    """For each place of the templates the parameters that may hold it, the first that is there."""
    look: str
    take: str
    give: str


_KINDS = (
    _Kind(
        "Add-MailboxPermission",
        (("identity",), ("user",), ("accessrights",)),
        "Get-MailboxPermission -Identity {} -User {} | Format-List *",
        "Remove-MailboxPermission -Identity {} -User {} -AccessRights {} -Confirm",
        "Add-MailboxPermission -Identity {} -User {} -AccessRights {}",
    ),
    _Kind(
        "Add-MailboxFolderPermission",
        (("identity",), ("user",)),
        "Get-MailboxFolderPermission -Identity {} -User {} | Format-List *",
        "Remove-MailboxFolderPermission -Identity {} -User {} -Confirm",
        "Add-MailboxFolderPermission -Identity {} -User {} -AccessRights Reviewer",
    ),
    _Kind(
        "Add-ADPermission",
        (("identity",), ("user",), ("extendedrights",)),
        "Get-ADPermission -Identity {} -User {} | Format-List *",
        "Remove-ADPermission -Identity {} -User {} -ExtendedRights {} -Confirm",
        "Add-ADPermission -Identity {} -User {} -ExtendedRights {}",
    ),
    _Kind(
        "New-ManagementRoleAssignment",
        (("role",), ("user", "securitygroup", "policy")),
        "Get-ManagementRoleAssignment -Role {} -RoleAssignee {} | Format-List *",
        "Get-ManagementRoleAssignment -Role {} -RoleAssignee {} | Remove-ManagementRoleAssignment "
        "-Confirm",
        "New-ManagementRoleAssignment -Role {} -User {}",
    ),
)


def actions(case: Case) -> Iterator[Action]:
    """What was given by cmdlet, where the log names right, object and receiver."""
    found = [
        (kind, values, call)
        for kind in _KINDS
        for call in case.calls(kind.cmdlet)
        if (values := _values(kind, call)) is not None
    ][:MAX_TARGETS]
    if not found:
        return
    yield Action(
        reasons=reasons_of(Target("", call.sight.reason) for _, _, call in found),
        preview=tuple(_line(kind.look, values) for kind, values, _ in found),
        change=tuple(_line(kind.take, values) for kind, values, _ in found),
        undo=tuple(_line(kind.give, values) for kind, values, _ in found),
        by_hand=("`exward access` on exports of all rights shows what else was given.",),
    )


def _values(kind: _Kind, call: Call) -> tuple[str, ...] | None:
    values = tuple(
        next((call.parameters[name] for name in names if name in call.parameters), "")
        for names in kind.names
    )
    return values if all(map(is_name, values)) else None


def _line(template: str, values: tuple[str, ...]) -> Command:
    return command(template, *values[: template.count("{}")])
