"""Changes that Windows' Security log shows.

4728, 4732, 4756 (member added), 4729, 4733, 4757 (removed), 5136 (attribute of a directory object):
Microsoft Learn, Audit Security Group Management and Audit Directory Service Changes.
"""

from __future__ import annotations

from collections.abc import Iterator

from exward.access.changes import Change, Given, RightChange
from exward.access.facts import Place
from exward.model.records import EventType, Fields

_ADDED, _REMOVED, _CHANGED = frozenset({4728, 4732, 4756}), frozenset({4729, 4733, 4757}), 5136
_GIVEN = {"%%14674": True, "%%14675": False}
"""Operation of 5136: a value was added or deleted."""
_ATTRIBUTES = {
    # Microsoft, Active Directory schema: each lets somebody act as the object or take it over.
    "ntsecuritydescriptor": "access list",
    "msds-keycredentiallink": "key that signs in as it",
    "msds-allowedtoactonbehalfofotheridentity": "who may sign in to it as anybody",
    "msds-allowedtodelegateto": "where it may sign in as anybody",
    "serviceprincipalname": "service name",
    "sidhistory": "SID history",
}


def may_show(type: EventType) -> bool:
    """Whether records of this type can show a change."""
    return type.event_id in _ADDED or type.event_id in _REMOVED or type.event_id == _CHANGED


def of_record(
    fields: Fields, time: int | None, place: Place, host: str
) -> Iterator[Change | RightChange]:
    """Yield what one record says; nothing if it is about something else."""
    event = fields.get("EventID")
    if event == _CHANGED:
        yield from _attribute(fields, time, place)
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


def _attribute(fields: Fields, time: int | None, place: Place) -> Iterator[Change | RightChange]:
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
        yield RightChange(
            time=time, by=by, kind=Given.DIRECTORY, who="", what=_ATTRIBUTES[name], on=target,
            added=added, how=how, place=place,
        )  # fmt: skip


def _actor(fields: Fields) -> str:
    name, domain = _text(fields, "SubjectUserName"), _text(fields, "SubjectDomainName")
    return f"{domain}\\{name}" if name and domain else name


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return "" if value is None else str(value).strip().strip("-")
