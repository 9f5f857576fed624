"""What a directory or an export of it says, one fact at a time, each with its place.

A party (user, computer, group) is named by a *reference*: its SID, its distinguished name, or an
account name in any form. `directory.Directory` finds out which references mean the same party.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

BUILTIN = "S-1-5-32-"
"""How the SIDs of built-in groups begin; they are the same in every domain (Microsoft Learn)."""


class Kind(StrEnum):
    """What a party is; `unknown` if the evidence only names it."""

    USER = "user"
    COMPUTER = "computer"
    GROUP = "group"
    SERVICE = "service"
    """A managed service account (gMSA, sMSA)."""
    FOREIGN = "foreign"
    """A party of another forest, or a well-known one."""
    DOMAIN = "domain"
    OTHER = "other"
    UNKNOWN = "unknown"


ACCOUNTS = frozenset({Kind.USER, Kind.COMPUTER, Kind.SERVICE})
"""What signs in, and is no group whatever its name is."""


class Place(msgspec.Struct, frozen=True):
    """Evidence path and record, line or object number in it (from 1; LDAP: number of the entry)."""

    source: str
    position: int


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """One object of the directory. Times are µs since 1970-01-01 UTC; None: not known.

    `last_logon` 0 means never. `mailbox`: whether it has a mailbox of its own. `encryption`: the
    bits of msDS-SupportedEncryptionTypes; `delegates_to`: service names that it may sign in to as
    others, `any_protocol`: even as those who did not sign in to it by Kerberos; `unconstrained`: as
    whoever signs in to it, to everything.
    """

    place: Place
    sid: str = ""
    dn: str = ""
    name: str = ""
    """sAMAccountName, else the name as the export shows it."""
    domain: str = ""
    kind: Kind = Kind.UNKNOWN
    enabled: bool | None = None
    last_logon: int | None = None
    password_set: int | None = None
    created: int | None = None
    never_expires: bool | None = None
    no_preauthentication: bool | None = None
    admin_count: bool | None = None
    mailbox: bool | None = None
    no_password: bool | None = None
    reversible: bool | None = None
    unconstrained: bool | None = None
    any_protocol: bool | None = None
    encryption: int | None = None
    delegates_to: tuple[str, ...] = ()
    sid_history: tuple[str, ...] = ()
    spns: tuple[str, ...] = ()
    description: str = ""


def reference_of(sid: str, dn: str) -> str:
    """How to name a party: by SID; a built-in group, whose SID every domain has, by its name."""
    return dn if dn and sid.upper().startswith(BUILTIN) else sid or dn


class Membership(msgspec.Struct, frozen=True):
    """`member` is a direct member of `group` (both references); `primary`: as its primary group,
    which the group's own list does not name.
    """

    group: str
    member: str
    place: Place
    primary: bool = False


class Reach(msgspec.Struct, frozen=True):
    """How far an entry of an access list hands its right on: `kind` is a word that the cmdlets take
    (ActiveDirectorySecurityInheritance), "" if not known; `to`: the only class of objects that it
    is for, its GUID in lower case or its name, "" for all.
    """

    kind: str = ""
    to: str = ""


NO_LIST = Reach("NoList")
"""Of what everybody may do to an object without an access list: no entry says so."""


class Right(msgspec.Struct, frozen=True):
    """`trustee` may do `right` (a name of `rights.py`) to `target`; both references.

    `mask` and `object_type`: of the entry that says so, as in `Entry`; 0 if only a tool does.
    """

    target: str
    trustee: str
    right: str
    inherited: bool
    place: Place
    reach: Reach = Reach()
    mask: int = 0
    object_type: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the access list of `target`, in the list's order; references as in `Right`.

    `mask` has the bits of [MS-ADTS] 5.1.3.2; `object_type` is a GUID in lower case, "" for all.
    What all entries of a target give together stands in `effective_rights.py`.
    """

    target: str
    trustee: str
    mask: int
    object_type: str
    allow: bool
    inherited: bool
    place: Place
    reach: Reach = Reach()


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """An assignment of a management role. `scope` as `is_unscoped` reads it.

    `parent`: the role of Exchange's own that it was made from, as far as the evidence says.
    """

    name: str
    role: str
    parent: str = ""
    assignee: str
    assignee_kind: str
    delegating: bool
    scope: str
    enabled: bool
    created: int | None
    place: Place


_EVERYTHING = frozenset({"", "organization", "none", "notapplicable", "organizationconfig"})
"""Scopes that leave nothing out; what is not applicable to mailboxes is over the configuration."""


def is_unscoped(role: Role) -> bool:
    """Whether an assignment is over everything."""
    return role.scope.casefold() in _EVERYTHING


class MailboxRight(msgspec.Struct, frozen=True):
    """`trustee` has `right` (`FullAccess`, `SendAs`, …) on the mailbox, database or folder."""

    mailbox: str
    trustee: str
    right: str
    inherited: bool
    deny: bool
    place: Place
    reach: Reach = Reach()


class Runs(msgspec.Struct, frozen=True):
    """`account` (a reference) runs a service or task on `server`, which keeps its password."""

    account: str
    what: str
    server: str
    place: Place


class Token(msgspec.Struct, frozen=True):
    """The groups (SIDs) that the server itself counts an account to, nesting included."""

    party: str
    groups: tuple[str, ...]
    place: Place


Fact = Party | Membership | Right | Entry | Role | MailboxRight | Token | Runs
