"""Exchange's machine groups give every member what an Exchange server may."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import groups
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import members, named

ID = "machine-group-members"
TITLE = "Only computers are in Exchange's machine groups"
SEVERITY = Severity.HIGH
READS = ("directory-groups",)
GOOD = (
    "Exchange Trusted Subsystem, Exchange Servers and the like have computers and each other as "
    "members"
)
WHY = (
    "An account in one of these groups reads every mailbox and acts as any user, and nobody looks "
    "there."
)
FIX = Fix(
    change="Remove-ADGroupMember 'Exchange Trusted Subsystem' -Members NAME",
    preview=(
        "'Exchange Trusted Subsystem', 'Exchange Servers', 'Exchange Windows Permissions' | "
        "Get-ADGroupMember | ft name, objectClass"
    ),
    undo="Add-ADGroupMember 'Exchange Trusted Subsystem' -Members NAME",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/permissions/permissions",
    "https://techcommunity.microsoft.com/blog/exchange/released-february-2019-quarterly-exchange-updates/609061",
)


def judge(inventory: Inventory) -> Answer:
    """Judge direct members; groups that are not Exchange's are strangers as well."""
    found = groups.groups(inventory)
    machine = () if found is None else tuple(groups.machine_groups(found))
    if not machine:
        return not_collected(READS)
    strangers: list[str] = []
    open_questions: list[str] = []
    for group in machine:
        for member in members(group, "Members") or ():
            said = f"{named(member, 'Name', 'Dn', 'Sid')} in {group.text('Name')}"
            if groups.is_computer(member) or groups.name_of(member) in groups.machine_names():
                continue
            (open_questions if member.text("Class") is None else strangers).append(said)
    return concluded(strangers, open_questions, "Only computers and each other are members.")
