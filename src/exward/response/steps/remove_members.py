"""Take members out of groups that were added by the intruder."""

from __future__ import annotations

from collections.abc import Iterator

from exward.response.accounts import added_members
from exward.response.case import MAX_TARGETS, Case, Target, reasons_of
from exward.response.plan import Action, Phase
from exward.response.quoting import Command, command, is_name

ID = "remove-members"
PHASE = Phase.EVICT
RANK = 30
AFTER = ("keep-evidence",)
TITLE = "Take added members out of privileged groups"
EFFECT = "The members lose the rights of the groups at their next sign-in."
BREAKS = "Ordered additions: ask who gave them."
ROLE_GROUP = "role group"


def actions(case: Case) -> Iterator[Action]:
    """Groups of Windows by the security log, role groups of Exchange by cmdlets."""
    pairs = [*added_members(case), *_role_groups(case)][:MAX_TARGETS]
    if not pairs:
        return
    yield Action(
        reasons=reasons_of(member for _, member in pairs),
        preview=tuple(_look(group, member) for group, member in pairs),
        change=tuple(_take(group, member) for group, member in pairs),
        undo=tuple(_give(group, member) for group, member in pairs),
    )


def _role_groups(case: Case) -> Iterator[tuple[str, Target]]:
    for call in case.calls("Add-RoleGroupMember"):
        group, member = call.parameters.get("identity", ""), call.parameters.get("member", "")
        if is_name(group) and is_name(member):
            yield group, Target(member, call.sight.reason, ROLE_GROUP)


def _look(group: str, member: Target) -> Command:
    is_role = member.detail == ROLE_GROUP
    return command(
        "Get-RoleGroupMember -Identity {}" if is_role else "Get-ADGroupMember -Identity {}", group
    )


def _take(group: str, member: Target) -> Command:
    template = "Remove-ADGroupMember -Identity {} -Members {} -Confirm"
    if member.detail == ROLE_GROUP:
        template = "Remove-RoleGroupMember -Identity {} -Member {} -Confirm"
    return command(template, group, member.name)


def _give(group: str, member: Target) -> Command:
    template = "Add-ADGroupMember -Identity {} -Members {}"
    if member.detail == ROLE_GROUP:
        template = "Add-RoleGroupMember -Identity {} -Member {}"
    return command(template, group, member.name)
