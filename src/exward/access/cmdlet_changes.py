"""Changes that cmdlets of Exchange made: members of groups, roles, rights on mailboxes and objects.

Parameters: Microsoft Learn, reference of each cmdlet (module ExchangePowerShell).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from exward.access.changes import Change, Given, RightChange
from exward.access.facts import Place
from exward.formats.cmdlet_parameters import PREFIX
from exward.model.records import EventType, Fields

_LOGS = frozenset({"exchange.rps-cmdlet", "exchange.admin-audit"})
_CHANNEL = "msexchange management"
_SPLIT = re.compile(r"[,;]\s*")
_EVERYTHING = frozenset({"", "organization", "none"})


class _Deed(NamedTuple):
    """What a cmdlet does, and the parameters that say to whom (`who`), what and where (`on`).

    The first parameter that has a value counts; of `what` all do. `kind` None: members of a group.
    """

    kind: Given | None
    added: bool
    who: tuple[str, ...]
    what: tuple[str, ...] = ()
    on: tuple[str, ...] = ("Identity",)


_MEMBERS = ("Member", "Members")
_ASSIGNEES = ("User", "SecurityGroup", "Policy", "Computer", "App")
_SCOPES = (
    "CustomRecipientWriteScope", "RecipientOrganizationalUnitScope", "CustomConfigWriteScope",
    "ExclusiveRecipientWriteScope", "ExclusiveConfigWriteScope", "RecipientRelativeWriteScope",
)  # fmt: skip
_RIGHTS = ("AccessRights", "ExtendedRights")
_DEEDS = {
    "add-rolegroupmember": _Deed(None, True, _MEMBERS),
    "remove-rolegroupmember": _Deed(None, False, _MEMBERS),
    "update-rolegroupmember": _Deed(None, True, _MEMBERS),
    "new-rolegroup": _Deed(None, True, _MEMBERS, on=("Name",)),
    "add-distributiongroupmember": _Deed(None, True, _MEMBERS),
    "remove-distributiongroupmember": _Deed(None, False, _MEMBERS),
    "update-distributiongroupmember": _Deed(None, True, _MEMBERS),
    "new-managementroleassignment": _Deed(Given.ROLE, True, _ASSIGNEES, ("Role",), _SCOPES),
    "set-managementroleassignment": _Deed(Given.ROLE, True, (), (), ("Identity",)),
    "remove-managementroleassignment": _Deed(Given.ROLE, False, (), (), ("Identity",)),
    "add-mailboxpermission": _Deed(Given.MAILBOX, True, ("User", "Owner"), ("AccessRights",)),
    "remove-mailboxpermission": _Deed(Given.MAILBOX, False, ("User",), ("AccessRights",)),
    "add-recipientpermission": _Deed(Given.MAILBOX, True, ("Trustee",), ("AccessRights",)),
    "remove-recipientpermission": _Deed(Given.MAILBOX, False, ("Trustee",), ("AccessRights",)),
    "add-mailboxfolderpermission": _Deed(Given.MAILBOX, True, ("User",), ("AccessRights",)),
    "set-mailboxfolderpermission": _Deed(Given.MAILBOX, True, ("User",), ("AccessRights",)),
    "remove-mailboxfolderpermission": _Deed(Given.MAILBOX, False, ("User",), ()),
    "add-adpermission": _Deed(Given.DIRECTORY, True, ("User", "Owner"), _RIGHTS),
    "remove-adpermission": _Deed(Given.DIRECTORY, False, ("User",), _RIGHTS),
}
_NAMED = re.compile("|".join(map(re.escape, _DEEDS)), re.IGNORECASE)


def may_show(type: EventType) -> bool:
    """Whether records of this type are cmdlets."""
    return type.log in _LOGS or type.channel.casefold() == _CHANNEL


def is_named(text: str) -> bool:
    """Whether a record's text names one of the cmdlets that change something here."""
    return _NAMED.search(text) is not None


def of_record(fields: Fields, time: int | None, place: Place) -> Iterator[Change | RightChange]:
    """Yield what one record says; nothing if the cmdlet does something else or did not succeed."""
    cmdlet = _text(fields, "Cmdlet") or _text(fields, "CmdletName")
    deed = _DEEDS.get(cmdlet.casefold())
    if deed is None or _text(fields, "Succeeded").casefold() == "false":
        return
    if _parameter(fields, ("Deny",)).casefold() in {"true", "$true"}:
        return  # who is denied something got nothing
    by = _text(fields, "Caller")
    who, on = _parameter(fields, deed.who), _parameter(fields, deed.on)
    if deed.kind is None:
        for member in _members(who) if on else ():
            yield Change(
                time=time, by=by, group=on, member=member, added=deed.added, how=cmdlet, place=place
            )
        return
    if who or on:
        said = dict.fromkeys(filter(None, (_parameter(fields, (one,)) for one in deed.what)))
        yield RightChange(
            time=time, by=by, kind=deed.kind, who=who, what=", ".join(said),
            on="" if on.casefold() in _EVERYTHING else on, added=deed.added, how=cmdlet,
            place=place,
        )  # fmt: skip


def _members(text: str) -> Iterator[str]:
    """The members of `{a, b}` or `"a","b"`; a distinguished name has commas of its own."""
    listed = [text] if text.strip("{\"'")[:3].casefold() == "cn=" else _SPLIT.split(text)
    yield from filter(None, (one.strip("{}\"' ") for one in listed))


def _parameter(fields: Fields, names: tuple[str, ...]) -> str:
    return next((text for name in names if (text := _text(fields, PREFIX + name))), "")


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return "" if value is None else str(value).strip()
