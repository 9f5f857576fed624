"""Users, computers and groups: Get-ADUser, Get-ADComputer, Get-ADGroup, Get-RoleGroup."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from exward.access import rights
from exward.access.exports import group_members
from exward.access.exports.interface import Context
from exward.access.exports.properties import CUT, Properties
from exward.access.facts import Fact, Kind, Membership, Party, Right, reference_of

CMDLETS = ("Get-ADUser", "Get-ADComputer", "Get-ADGroup", "Get-RoleGroup",
           "Get-ADServiceAccount")  # fmt: skip

_TRUSTEES = {
    "PrincipalsAllowedToDelegateToAccount": rights.ACT_FOR,
    "PrincipalsAllowedToRetrieveManagedPassword": rights.READ_PASSWORD,
}
"""Lists of accounts that Get-ADComputer and Get-ADServiceAccount give (Microsoft Learn)."""
_OF_GROUPS = ("GroupCategory", "GroupScope", "Roles", "RoleAssignments")
_OF_ACCOUNTS = ("UserPrincipalName", "MemberOf", "PasswordLastSet", "ServicePrincipalNames")


def is_one(properties: Properties) -> bool:
    """Say whether an object is more than a member: it lists members, or has an account's data."""
    group = "Name" in properties and any(one in properties for one in _OF_GROUPS)
    account = "SamAccountName" in properties and any(one in properties for one in _OF_ACCOUNTS)
    return group or account or properties.has("Name", "Members")


def facts(properties: Properties, context: Context) -> Iterator[Fact | str]:
    """Yield the party, its members and the groups that it says it is in."""
    one: Party = group_members.party(properties, context)
    if any(name in properties for name in _OF_GROUPS) or "Members" in properties:
        one = group_like(one)
    yield one
    itself = reference_of(one.sid, one.dn) or one.name
    if not itself:
        yield "an object has no name"
        return
    for name, right in _TRUSTEES.items():
        for trustee in properties.texts(name):
            yield Right(itself, trustee, right, False, context.place)
    for member in properties.texts("Members"):
        yield Membership(itself, member, context.place)
    for group in properties.texts("MemberOf"):
        yield Membership(group, itself, context.place)
    for name in ("Members", "MemberOf"):
        if properties.is_cut(name):
            yield f"{name} {CUT}"


def group_like(one: Party) -> Party:
    """The same as a group: role groups do not say what they are."""
    return replace(one, kind=Kind.GROUP)
