"""PowerShell that takes a right away, and that gives it back. exward runs none of it.

Cmdlets and their parameters: Microsoft Learn, ExchangePowerShell. An entry of an access list is
found only by what it is on and how far it reaches; `-Properties` and `-ExtendedRights` take the
common names of attributes, property sets and rights, `-InheritedObjectType` a GUID, `-User` a SID.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from exward.access import rights
from exward.access.facts import NO_LIST, MailboxRight, Reach, Right
from exward.model.powershell import literal

OPEN = "It has no access list at all, which is why: give it that of its like."


class Commands(NamedTuple):
    """What removes, and what undoes that; both "" where no command does it."""

    remove: str = ""
    undo: str = ""

    def advice(self, first: str) -> str:
        """A sentence that leads to them, or that alone."""
        if not self.remove:
            return first
        return f"{first.rstrip('.:')}: {self.remove}. Undo: {self.undo}."

    def told_with(self, known: dict[str, str]) -> dict[str, str]:
        """The fields of an entry with the commands; what is not known is left out."""
        every = {**known, "remove": self.remove, "undo": self.undo}
        return {name: text for name, text in every.items() if text}


_ON_MAILBOX = {
    "fullaccess": "FullAccess",
    "changepermission": "ChangePermission",
    "changeowner": "ChangeOwner",
}
_EXTENDED_ON_MAIL = {"sendas": "Send As", "receiveas": "Receive As"}
_KINDS = frozenset({"None", "All", "Descendents", "SelfAndChildren", "Children"})
_BITS = ((rights.WRITE_PROPERTY, "WriteProperty"), (rights.SELF, "Self"))
_WHOLE = {
    # Of entries for the whole object; what a denial leaves of all extended rights stands in one.
    rights.GENERIC_ALL: "-AccessRights GenericAll",
    rights.WRITE_DACL: "-AccessRights WriteDacl",
    rights.WRITE_OWNER: "-AccessRights WriteOwner",
    rights.ADD_SELF: "-AccessRights Self",
    rights.ALL_EXTENDED: "-AccessRights ExtendedRight",
} | dict.fromkeys(rights.EXTENDED.values(), "-AccessRights ExtendedRight")
_ON_OBJECT = {
    # Of a right whose entry nobody tells.
    rights.GENERIC_ALL: "-AccessRights GenericAll",
    rights.WRITE_DACL: "-AccessRights WriteDacl",
    rights.WRITE_OWNER: "-AccessRights WriteOwner",
    rights.GENERIC_WRITE: "-AccessRights GenericWrite",
    rights.ALL_EXTENDED: "-AccessRights ExtendedRight",
    rights.ADD_MEMBER: "-AccessRights WriteProperty -Properties Member",
    rights.ADD_SELF: "-AccessRights Self -Properties Member",
    rights.SET_PASSWORD: "-ExtendedRights 'User-Force-Change-Password'",
    rights.WRITE_SPN: "-AccessRights WriteProperty -Properties Service-Principal-Name",
    rights.WRITE_KEYS: "-AccessRights WriteProperty -Properties ms-DS-Key-Credential-Link",
    rights.WRITE_POLICY_LINK: "-AccessRights WriteProperty -Properties GP-Link",
    rights.GET_CHANGES: "-ExtendedRights 'DS-Replication-Get-Changes'",
    rights.GET_CHANGES_ALL: "-ExtendedRights 'DS-Replication-Get-Changes-All'",
}


def of_role(assignment: str) -> Commands:
    """An assignment is switched off, not removed: nothing of it is lost."""
    change = f"Set-ManagementRoleAssignment {literal(assignment)} -Enabled"
    return Commands(f"{change} $false", f"{change} $true")


def of_mailbox(one: MailboxRight, trustee: str) -> Commands:
    """Of a right that stands on the mailbox itself; `trustee` as a command takes it."""
    folded, reach = one.right.casefold(), _reach(one.reach)
    if one.reach == NO_LIST or (folded in _ON_MAILBOX and one.reach.to):
        return Commands()  # Remove-MailboxPermission knows no classes of objects
    words = f"-Identity {literal(one.mailbox)} -User {literal(trustee)}"
    if folded in _ON_MAILBOX:
        words += f" -AccessRights {_ON_MAILBOX[folded]}{reach}"
        return Commands(f"Remove-MailboxPermission {words}", f"Add-MailboxPermission {words}")
    if folded in _EXTENDED_ON_MAIL:
        return _permission(f"{words} -ExtendedRights {literal(_EXTENDED_ON_MAIL[folded])}{reach}")
    if folded == "genericall":
        return _permission(f"{words} -AccessRights GenericAll{reach}")
    return Commands()


def of_object(dn: str, trustee: str, held: Iterable[Right]) -> Commands:
    """Of those rights that stand on an object of the directory itself; ownership is not among them,
    nor what is inherited.
    """
    words = f"-Identity {literal(dn)} -User {literal(trustee)}"
    own = {
        f"{entry}{_reach(one.reach)}"
        for one in held
        if not one.inherited and one.reach != NO_LIST and (entry := _entry(one))
    }
    made = [_permission(f"{words} {which}") for which in sorted(own)] if dn else []
    return Commands("; ".join(one.remove for one in made), "; ".join(one.undo for one in made))


def advised(held: Iterable[Right], made: Commands, first: str) -> str:
    """What to do about rights on an object: the commands, or that it has no access list."""
    return OPEN if any(one.reach == NO_LIST for one in held) else made.advice(first)


def _entry(one: Right) -> str:
    """What the entry allows, as the cmdlets name it; "" where they have no words for it."""
    if not one.mask:
        return _ON_OBJECT.get(one.right, "")
    mask, kind = rights.expanded(one.mask), one.object_type
    if not kind:
        every = "WriteProperty,Self" if mask & rights.SELF else "WriteProperty"
        return _WHOLE.get(one.right, f"-AccessRights {every}")
    if rights.EXTENDED.get(kind) == one.right:
        return f"-ExtendedRights {literal(rights.NAMES[kind])}"
    given = [
        word for bit, word in _BITS if mask & bit and rights.BY_GUID.get((kind, bit)) == one.right
    ]
    if not given:
        return ""  # the cmdlets write the other rights for whole objects only
    return f"-AccessRights {','.join(given)} -Properties {rights.NAMES[kind]}"


def _reach(one: Reach) -> str:
    """An entry is found, and put back as it was, only by how far it reaches."""
    kind = f" -InheritanceType {one.kind}" if one.kind in _KINDS else ""
    return kind + (f" -InheritedObjectType {literal(one.to)}" if one.to else "")


def _permission(words: str) -> Commands:
    return Commands(f"Remove-ADPermission {words}", f"Add-ADPermission {words}")
