"""An Exchange server needs three groups and must not be in the groups of administrators."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import groups
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import members, named, objects
from exward.posture.row import Row

ID = "exchange-computer-groups"
TITLE = "The server's account is in Exchange's groups and in no group of administrators"
SEVERITY = Severity.HIGH
READS = ("directory-groups", "local-groups")
GOOD = (
    "In Exchange Trusted Subsystem and Exchange Servers; not in Domain Admins or another group of "
    "owners; Exchange Trusted Subsystem is in the local Administrators"
)
WHY = (
    "SYSTEM on the server would be an administrator of the domain. Without its own groups "
    "Exchange fails, and people help themselves by giving it too much."
)
FIX = Fix(
    change=(
        "Remove-ADGroupMember 'Domain Admins' -Members \"$env:COMPUTERNAME$\"; 'Exchange Trusted "
        "Subsystem', 'Exchange Servers' | Add-ADGroupMember -Members \"$env:COMPUTERNAME$\""
    ),
    preview=(
        'Get-ADPrincipalGroupMembership "$env:COMPUTERNAME$"; Get-LocalGroupMember Administrators'
    ),
    undo="Add-ADGroupMember 'Domain Admins' -Members \"$env:COMPUTERNAME$\"",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/permissions/permissions",
    "https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/",
)
_NEEDED = (groups.TRUSTED_SUBSYSTEM, groups.SERVERS)
_ADMINISTRATORS = "544"


def judge(inventory: Inventory) -> Answer:
    """Judge the computer itself, machine groups among the owners, and the local administrators."""
    found = groups.groups(inventory)
    if found is None:
        return not_collected(("directory-groups",))
    owned = [
        f"{named(member, 'Name', 'Dn')} is in {group.text('Name')}"
        for group in groups.owners(found)
        for member in members(group, "Members") or ()
        if groups.name_of(member) in groups.machine_names() or _is_self(member, inventory)
    ]
    there = {groups.name_of(group): members(group, "Members") or () for group in found}
    absent = [
        f"the server is not in {name.title()}"
        for name in _NEEDED
        if name in there and not any(_is_self(one, inventory) for one in there[name])
    ]
    missing = [f"members of {name.title()}" for name in _NEEDED if name not in there]
    local = _local_administrators(inventory)
    if local is None:
        missing.append("local Administrators")
    elif groups.TRUSTED_SUBSYSTEM not in local:
        absent.append("Exchange Trusted Subsystem is not in the local Administrators")
    return concluded(owned + absent, missing, "The server is in its own groups and no others.")


def _is_self(member: Row, inventory: Inventory) -> bool:
    short = inventory.server.partition(".")[0].lower()
    name = (member.text("SamAccountName") or member.text("Name") or "").lower().rstrip("$")
    return groups.is_computer(member) and name == short


def _local_administrators(inventory: Inventory) -> frozenset[str] | None:
    """Names of the members, in lower case, without domain."""
    for group in objects(inventory, "local-groups") or ():
        inside = members(group, "Members")
        if groups.rid_of(group) == _ADMINISTRATORS and inside is not None:
            return frozenset(groups.name_of(one).rpartition("\\")[2] for one in inside)
    return None
