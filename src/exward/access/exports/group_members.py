"""Members of a group: Get-ADGroupMember, Get-RoleGroupMember, Get-DistributionGroupMember.

None of these objects says which group it is a member of: that stands in a column that the person
added, in the key of the JSON object around, or in the file's name.
"""

from __future__ import annotations

from collections.abc import Iterator

from exward.access.account_control import control_of
from exward.access.exports.interface import Context
from exward.access.exports.properties import Properties
from exward.access.facts import Fact, Kind, Membership, Party
from exward.access.ldap_entry import domain_of

CMDLETS = ("Get-ADGroupMember", "Get-RoleGroupMember", "Get-DistributionGroupMember")

GROUP_COLUMNS = ("Group", "GroupName", "RoleGroup", "ParentGroup", "MemberOf_Group")
NO_GROUP = "does not say of which group: name the file for the group, or add a column Group"
_KINDS = {
    "user": Kind.USER,
    "inetorgperson": Kind.USER,
    "computer": Kind.COMPUTER,
    "group": Kind.GROUP,
    "msds-groupmanagedserviceaccount": Kind.SERVICE,
    "msds-managedserviceaccount": Kind.SERVICE,
    "foreignsecurityprincipal": Kind.FOREIGN,
    "domaindns": Kind.DOMAIN,
}
_MAILBOXES = frozenset({"usermailbox", "sharedmailbox", "linkedmailbox", "roommailbox"})


def is_one(properties: Properties) -> bool:
    """Say whether an object has what these cmdlets give (Microsoft Learn)."""
    active_directory = properties.has("objectClass", "SamAccountName") and "name" in properties
    recipient = properties.has("RecipientType", "Name")
    return active_directory or recipient or properties.has("Group", "Member")


def facts(properties: Properties, context: Context) -> Iterator[Fact | str]:
    """Yield the member, and its membership if the group is known."""
    named = properties.text("SID", "Sid", "objectSid", "DistinguishedName", "Dn", "SamAccountName")
    member = named or properties.text("Member", "Identity", "Name")
    if not member:
        yield "a member has no name"
        return
    yield party(properties, context)
    group = properties.text(*GROUP_COLUMNS) or context.group
    if group:
        yield Membership(group, member, context.place)
    else:
        yield NO_GROUP


def party(properties: Properties, context: Context) -> Party:
    """The object itself, with what the export says of it."""
    dn = properties.text("DistinguishedName", "Dn")
    recipient = properties.text("RecipientTypeDetails", "RecipientType").casefold()
    control = control_of(properties.number("userAccountControl"))
    return Party(
        place=context.place,
        sid=properties.text("SID", "objectSid"),
        dn=dn,
        name=properties.text("SamAccountName", "Member", "Name"),
        domain=domain_of(dn),
        kind=kind_of(properties.text("objectClass", "ObjectClass", "Class") or recipient),
        enabled=_first(properties.truth("Enabled"), control.enabled),
        last_logon=properties.time("LastLogonDate", "LastLogonTimestamp", "LastLogon"),
        password_set=properties.time("PasswordLastSet"),
        created=properties.time("Created", "whenCreated", "WhenCreatedUTC"),
        never_expires=_first(properties.truth("PasswordNeverExpires"), control.never_expires),
        no_preauthentication=_first(
            properties.truth("DoesNotRequirePreAuth"), control.no_preauthentication
        ),
        no_password=_first(properties.truth("PasswordNotRequired"), control.no_password),
        reversible=_first(
            properties.truth("AllowReversiblePasswordEncryption"), control.reversible
        ),
        unconstrained=_first(properties.truth("TrustedForDelegation"), control.unconstrained),
        any_protocol=_first(properties.truth("TrustedToAuthForDelegation"), control.any_protocol),
        encryption=properties.number("msDS-SupportedEncryptionTypes", "SupportedEncryptionTypes"),
        delegates_to=tuple(
            properties.texts("msDS-AllowedToDelegateTo") or properties.texts("AllowedToDelegateTo")
        ),
        sid_history=tuple(properties.texts("SIDHistory")),
        admin_count=properties.truth("adminCount"),
        mailbox=True if recipient in _MAILBOXES else properties.truth("HasMailbox"),
        spns=tuple(properties.texts("ServicePrincipalNames")),
        description=properties.text("Description"),
    )


def _first(said: bool | None, otherwise: bool | None) -> bool | None:
    return otherwise if said is None else said


def kind_of(word: str) -> Kind:
    """What an object class or a recipient type stands for."""
    word = word.casefold()
    if word in _KINDS:
        return _KINDS[word]
    if "group" in word:
        return Kind.GROUP
    return Kind.USER if "mailbox" in word or word in {"mailuser", "user"} else Kind.UNKNOWN
