"""Changes that Windows' Security log shows.

4728, 4732, 4756 (member added), 4729, 4733, 4757 (removed), 5136 (attribute of a directory object):
Microsoft Learn, Audit Security Group Management and Audit Directory Service Changes.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from exward.access import rights, sddl
from exward.access.changes import Change, Given, RightChange
from exward.access.facts import Place
from exward.access.security_descriptor import Ace
from exward.model.records import EventType, Fields

_ADDED, _REMOVED, _CHANGED = frozenset({4728, 4732, 4756}), frozenset({4729, 4733, 4757}), 5136
_GIVEN = {"%%14674": True, "%%14675": False}
"""Operation of 5136: a value was added or deleted."""
_ACCESS_LIST = "ntsecuritydescriptor"
_MOST_KEPT = 256
_ATTRIBUTES = {
    # Microsoft, Active Directory schema: each lets somebody act as the object or take it over.
    "ntsecuritydescriptor": "access list",
    "msds-keycredentiallink": "key that signs in as it",
    "msds-allowedtoactonbehalfofotheridentity": "who may sign in to it as anybody",
    "msds-allowedtodelegateto": "where it may sign in as anybody",
    "serviceprincipalname": "service name",
    "sidhistory": "SID history",
    "altsecurityidentities": "certificate that signs in as it",
    "msds-groupmsamembership": "who may read its password",
    "primarygroupid": "primary group",
    "gplink": "linked group policy",
}


class AccessLists:
    """Pairs the old and the new access list of one change: two records of one operation, in this
    order. Some old ones are kept, for records of several operations may be mixed.
    """

    def __init__(self) -> None:
        self._old: dict[str, frozenset[Ace]] = {}

    def keep(self, operation: str, text: str) -> None:
        """Take the list that was deleted."""
        if len(self._old) >= _MOST_KEPT:
            del self._old[next(iter(self._old))]
        self._old[operation] = _telling(text)

    def difference(self, operation: str, text: str) -> tuple[frozenset[Ace], frozenset[Ace]] | None:
        """Entries that came and that went with the list added; None if only this one is known."""
        old = self._old.pop(operation, None)
        if old is None:
            return None
        new = _telling(text)
        return new - old, old - new


def _telling(text: str) -> frozenset[Ace]:
    return frozenset(one for one in sddl.aces(text) if rights.matters(one.mask, one.object_type))


def may_show(type: EventType) -> bool:
    """Whether records of this type can show a change."""
    return type.event_id in _ADDED or type.event_id in _REMOVED or type.event_id == _CHANGED


def of_record(
    fields: Fields, time: int | None, place: Place, host: str, lists: AccessLists
) -> Iterator[Change | RightChange]:
    """Yield what one record says; nothing if it is about something else."""
    event = fields.get("EventID")
    if event == _CHANGED:
        yield from _attribute(fields, time, place, lists)
        return
    group = _text(fields, "TargetSid") or _text(fields, "TargetUserName")
    member = _text(fields, "MemberSid") or _text(fields, "MemberName")
    if group and member:
        yield Change(
            time=time,
            by=_actor(fields),
            group=group,
            member=member,
            added=event in _ADDED,
            how=f"event {event}",
            place=place,
            host=host,
        )


def _attribute(
    fields: Fields, time: int | None, place: Place, lists: AccessLists
) -> Iterator[Change | RightChange]:
    added = _GIVEN.get(_text(fields, "OperationType"))
    name = _text(fields, "AttributeLDAPDisplayName").casefold()
    target, value = _text(fields, "ObjectDN"), _text(fields, "AttributeValue")
    if added is None or not target or not value:
        return
    by, how = _actor(fields), "event 5136"
    if name == "member":
        yield Change(
            time=time, by=by, group=target, member=value, added=added, how=how, place=place
        )
    elif name in _ATTRIBUTES:
        change = RightChange(
            time=time, by=by, kind=Given.DIRECTORY, who="", what=_ATTRIBUTES[name], on=target,
            added=added, how=how, place=place,
        )  # fmt: skip
        if name != _ACCESS_LIST:
            yield change
            return
        operation = f"{_text(fields, 'OpCorrelationID')} {target}"
        if added:
            yield from _of_list(change, lists.difference(operation, value))
        else:
            lists.keep(operation, value)


def _of_list(
    change: RightChange, difference: tuple[frozenset[Ace], frozenset[Ace]] | None
) -> Iterator[RightChange]:
    """Who got or lost what; only that the list changed, if the old one is not known or a denial
    went.
    """
    came, went = difference or (frozenset(), frozenset())
    if difference is None or any(not one.allow for one in went):
        yield change
    for entries, added in ((came, True), (went, False)):
        names: dict[str, set[str]] = {}
        for one in entries:
            if one.allow:
                names.setdefault(one.trustee, set()).update(
                    rights.names_of(one.mask, one.object_type)
                )
        for trustee, words in sorted(names.items()):
            what = ", ".join(sorted(words))
            if what:
                yield replace(change, who=trustee, what=what, added=added)


def _actor(fields: Fields) -> str:
    name, domain = _text(fields, "SubjectUserName"), _text(fields, "SubjectDomainName")
    return f"{domain}\\{name}" if name and domain else name


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return "" if value is None else str(value).strip().strip("-")
