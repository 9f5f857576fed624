"""What entries of Active Directory say of Exchange: assignments of roles, rights on mail.

Attributes: Microsoft, Exchange Server schema reference (publicDelegates 1.2.840.113556.1.2.238,
msExchMailboxSecurityDescriptor 1.2.840.113556.1.4.7000.102.80); Microsoft.Exchange.Data.Directory
(ExchangeRoleAssignment). Who may open a mailbox is a copy of what the mailbox's store knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import NamedTuple

from exward.access import rights, security_descriptor
from exward.access.facts import MailboxRight, Place, Role
from exward.access.ldap_values import Attributes, general_time, name_parts, number, text, texts
from exward.access.security_descriptor import Ace

ASSIGNMENT_CLASS = "msexchroleassignment"
DATABASE_CLASS = "msexchprivatemdb"
ORGANISATION = (
    "objectClass", "cn", "whenCreated", "msExchUserLink", "msExchRoleLink",
    "msExchRoleAssignmentFlags", "msExchDomainRestrictionLink", "msExchConfigRestrictionLink",
    "nTSecurityDescriptor",
)  # fmt: skip
"""What is asked of assignments of roles and of databases."""
LIST_OF_MAILBOX = "msExchMailboxSecurityDescriptor"
MAILBOX = (
    "msExchMailboxGuid", LIST_OF_MAILBOX, "publicDelegates", "msExchDelegateListLink",
    "nTSecurityDescriptor",
)  # fmt: skip
"""What is asked of the accounts of mailboxes."""

_MAILBOX_BITS = {
    # Microsoft.Exchange.Management.RecipientTasks.MailboxRights, by the names of the cmdlets.
    0x1: "FullAccess", 0x2: "SendAs", 0x4: "ExternalAccount", 0x10000: "DeleteItem",
    0x20000: "ReadPermission", 0x40000: "ChangePermission", 0x80000: "ChangeOwner",
}  # fmt: skip
_EXTENDED = {
    # [MS-ADTS] 5.1.3.2.1: control access rights.
    "ab721a54-1e2f-11d0-9819-00aa0040529b": "SendAs",
    "ab721a56-1e2f-11d0-9819-00aa0040529b": "ReceiveAs",
}
_NO_FLAGS = "a role assignment without readable flags: taken for one in force, over everything"


class _Flags(NamedTuple):
    """What msExchRoleAssignmentFlags holds, from its highest bit on; Microsoft documents only the
    members of the enumerations. Between the fields are bits that are kept free.

    New-ManagementRoleAssignment -User -Role ApplicationImpersonation writes 0x8001000002000002.
    """

    enabled: bool = True
    kind: str = ""
    delegating: bool = False
    scope: str = ""


_KINDS = {
    0: "User", 2: "SecurityGroup", 4: "RoleAssignmentPolicy", 6: "MailboxPlan",
    8: "ForeignSecurityPrincipal", 10: "RoleGroup", 11: "PartnerLinkedRoleGroup",
    12: "LinkedRoleGroup", 14: "Computer",
}  # fmt: skip
_REGULAR = frozenset({0, 1})
"""All other kinds of delegation only allow to give the role to others."""
_SCOPES = {
    0: "None", 1: "NotApplicable", 2: "Organization", 3: "MyGAL", 4: "Self", 5: "MyDirectReports",
    6: "OU", 7: "CustomRecipientScope", 8: "MyDistributionGroups", 9: "MyExecutive",
    13: "ExclusiveRecipientScope", 15: "MailboxICanDelegate",
}  # fmt: skip


def role(dn: str, attributes: Attributes, place: Place) -> Iterator[Role | str]:
    """Yield the assignment as Get-ManagementRoleAssignment shows it; a text says what is lost."""
    link, assignee = text(attributes, "msexchrolelink"), text(attributes, "msexchuserlink")
    if not link or not assignee:
        yield "a role assignment whose role or holder cannot be read"
        return
    known = number(attributes, "msexchroleassignmentflags")
    if known is None:
        yield _NO_FLAGS
    flags = _Flags() if known is None else _flags(known)
    above = [name.casefold() for name in name_parts(link)]
    depth = above.index("roles") if "roles" in above else 1
    yield Role(
        name=text(attributes, "cn") or name_parts(dn)[0],
        role=name_parts(link)[0],
        parent=name_parts(link)[depth - 1] if depth > 1 else "",
        assignee=name_parts(assignee)[0] if flags.kind == _KINDS[4] else assignee,
        assignee_kind=flags.kind,
        delegating=flags.delegating,
        scope=_scope(attributes) or flags.scope,
        enabled=flags.enabled,
        created=general_time(attributes, "whencreated"),
        place=place,
    )


def _flags(value: int) -> _Flags:
    return _Flags(
        enabled=bool(value >> 63 & 1),
        kind=_KINDS.get(value >> 59 & 0xF, ""),
        delegating=(value >> 48 & 0xF) not in _REGULAR,
        scope=_SCOPES.get(value & 0x1F, ""),
    )


def _scope(attributes: Attributes) -> str:
    """The name of a scope of one's own; of an organisational unit the whole distinguished name."""
    for name in ("msexchdomainrestrictionlink", "msexchconfigrestrictionlink"):
        link = text(attributes, name)
        if link:
            return link if link[:3].casefold() == "ou=" else name_parts(link)[0]
    return ""


def is_store(classes: Set[str], attributes: Attributes) -> bool:
    """Whether the entry is that of a mailbox or of a database of mailboxes."""
    return DATABASE_CLASS in classes or "msexchmailboxguid" in attributes


def mail_rights(dn: str, attributes: Attributes, place: Place) -> Iterator[MailboxRight | str]:
    """Yield who may do what with the mailbox, or with those of the database; a text says what is
    lost.

    Send As and Receive As stand in the access list of the entry itself ([MS-ADTS] 5.1.3.2.1).
    """
    for data in attributes.get(LIST_OF_MAILBOX.casefold(), ())[:1]:
        yield from _of_list(dn, data, place)
    if LIST_OF_MAILBOX.casefold() not in attributes:
        # Add-MailboxPermission lists those with full access for Outlook, too (-AutoMapping).
        for holder in texts(attributes, "msexchdelegatelistlink"):
            yield MailboxRight(dn, holder, "FullAccess", False, False, place)
    for data in attributes.get("ntsecuritydescriptor", ())[:1]:
        yield from _of_entry(dn, data, place)
    for delegate in texts(attributes, "publicdelegates"):
        yield MailboxRight(dn, delegate, "SendOnBehalf", False, False, place)


def _of_list(dn: str, data: bytes, place: Place) -> Iterator[MailboxRight | str]:
    try:
        for one in security_descriptor.aces(data):
            mask = rights.expanded(one.mask)
            for bit, name in _MAILBOX_BITS.items():
                if mask & bit:
                    yield _right(dn, one, name, place)
    except ValueError as error:
        yield f"{LIST_OF_MAILBOX} cannot be read: {error}"


def _of_entry(dn: str, data: bytes, place: Place) -> Iterator[MailboxRight]:
    """A damaged list yields nothing here: what reads the entry's own rights says so."""
    try:
        for one in security_descriptor.aces(data):
            for name in _names(rights.expanded(one.mask), one.object_type):
                yield _right(dn, one, name, place)
    except ValueError:
        return


def _right(dn: str, one: Ace, name: str, place: Place) -> MailboxRight:
    return MailboxRight(dn, one.trustee, name, one.inherited, not one.allow, place, one.reach)


def _names(mask: int, object_type: str) -> Iterator[str]:
    if not object_type and mask & rights.FULL_CONTROL == rights.FULL_CONTROL:
        yield "GenericAll"
    elif mask & rights.CONTROL_ACCESS:
        yield from (name for guid, name in _EXTENDED.items() if object_type in {"", guid})
