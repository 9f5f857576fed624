"""Who was put into which group, when and by whom: from logs, and against an earlier snapshot.

Security events 4728/4732/4756 (added) and 4729/4733/4757 (removed), 5136 for `member` (Microsoft
Learn: Audit Security Group Management, Audit Directory Service Changes); cmdlets from MSExchange
Management, remote PowerShell and audit logs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from exward.access.directory import Directory
from exward.access.facts import Place
from exward.formats import registry
from exward.formats.cmdlet_parameters import PREFIX
from exward.model.records import EventType, Fields, LineBatch, Part, TextBatch
from exward.model.skipped import Skipped
from exward.model.source import Source

_ADDED, _REMOVED, _CHANGED = {4728, 4732, 4756}, {4729, 4733, 4757}, 5136
_CMDLET_LOGS = frozenset({"exchange.rps-cmdlet", "exchange.admin-audit"})
_MANAGEMENT = "msexchange management"
_ADD_VALUE, _DELETE_VALUE = "%%14674", "%%14675"
_CMDLETS = {
    "add-rolegroupmember": True,
    "remove-rolegroupmember": False,
    "add-distributiongroupmember": True,
    "remove-distributiongroupmember": False,
}
"""Cmdlets with `-Identity` group and `-Member`, and whether they add."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a group's members. `time` is µs since 1970-01-01 UTC, None if not known.

    `by` is "" where nothing says who did it; `how` names the log or the comparison.
    """

    time: int | None
    by: str
    group: str
    member: str
    added: bool
    how: str
    place: Place


def of_log(source: Source) -> Iterator[Change | Skipped]:
    """Yield the changes that a log shows; nothing if the file is no log that can show any."""
    form = registry.identify(source.head)
    if form is None:
        return
    for batch in form.read(source, Part()):
        if isinstance(batch, LineBatch) and not _may_show(batch.type):
            return  # a log of one kind: of requests, of mail
        if isinstance(batch, Skipped):
            yield batch
        else:
            yield from _of_batch(batch)


def _of_batch(batch: TextBatch | LineBatch) -> Iterator[Change]:
    for index in range(len(batch)):
        if isinstance(batch, TextBatch) and not _may_show(batch.types[index]):
            continue
        try:
            fields = batch.fields(index)
        except ValueError:
            continue  # the scan counts it; the membership itself is in the snapshot
        place = Place(batch.source, batch.position(index))
        change = _change(fields, batch.time(index), place)
        if change is not None:
            yield change


def _may_show(type: EventType) -> bool:
    if type.log in _CMDLET_LOGS or type.channel.casefold() == _MANAGEMENT:
        return True
    return type.event_id in _ADDED | _REMOVED | {_CHANGED}


def _change(fields: Fields, time: int | None, place: Place) -> Change | None:
    """What one record says; None if it is about something else or did not succeed."""
    event = fields.get("EventID")
    made: tuple[str, str, bool, str] | None = None
    if event in _ADDED or event in _REMOVED:
        group = _text(fields, "TargetSid") or _text(fields, "TargetUserName")
        member = _text(fields, "MemberSid") or _text(fields, "MemberName")
        made = group, member, event in _ADDED, f"event {event}"
    elif event == _CHANGED and _text(fields, "AttributeLDAPDisplayName") == "member":
        kind = _text(fields, "OperationType")
        group, member = _text(fields, "ObjectDN"), _text(fields, "AttributeValue")
        if kind in {_ADD_VALUE, _DELETE_VALUE}:
            made = group, member, kind == _ADD_VALUE, "event 5136"
    else:
        made = _cmdlet(fields)
    if made is None or not made[0] or not made[1]:
        return None
    by = _actor(fields)
    return Change(
        time=time, by=by, group=made[0], member=made[1], added=made[2], how=made[3], place=place
    )


def _cmdlet(fields: Fields) -> tuple[str, str, bool, str] | None:
    cmdlet = _text(fields, "Cmdlet") or _text(fields, "CmdletName")
    added = _CMDLETS.get(cmdlet.casefold())
    if added is None or _text(fields, "Succeeded").casefold() == "false":
        return None
    group, member = _text(fields, PREFIX + "Identity"), _text(fields, PREFIX + "Member")
    return group, member, added, cmdlet


def _actor(fields: Fields) -> str:
    name, domain = _text(fields, "SubjectUserName"), _text(fields, "SubjectDomainName")
    return f"{domain}\\{name}" if name and domain else name or _text(fields, "Caller")


def _text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    return "" if value is None else str(value).strip().strip("-")


def between(
    earlier: Mapping[str, Mapping[str, object]],
    later: Mapping[str, Mapping[str, object]],
    directory: Directory,
) -> Iterator[Change]:
    """Changes of effective members from one snapshot to the next; both by group, then member.

    A group that only one of the two has is not compared: it was not exported.
    """
    for group in sorted(earlier.keys() & later.keys()):
        for member in sorted(earlier[group].keys() ^ later[group].keys()):
            place = directory.members.get(group, {}).get(member) or Place("", 0)
            yield Change(
                time=None,
                by="",
                group=group,
                member=member,
                added=member in later[group],
                how="compared with the earlier snapshot",
                place=place,
            )
