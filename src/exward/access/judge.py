"""From facts and changes to findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from msgspec.structs import replace

from exward.access import comparison
from exward.access.changes import Change, RightChange
from exward.access.checks.registry import checks
from exward.access.directory import Directory, effective, nested_groups
from exward.access.facts import Kind, Party
from exward.access.kerberos import DAY_US
from exward.access.ldap_values import containers
from exward.access.role_holders import role_holders
from exward.access.view import (
    Limits,
    View,
    additions_of,
    controllers_of,
    gifts_of,
    members_of,
    runs_of,
    watched_groups,
)
from exward.model.finding import Finding


@dataclass(frozen=True, slots=True)
class Material:
    """What was read. `as_of` None: the latest logon or change that the evidence shows."""

    directory: Directory
    changes: tuple[Change, ...] = ()
    right_changes: tuple[RightChange, ...] = ()
    earlier: Directory | None = None
    as_of: int | None = None
    limits: Limits = field(default_factory=Limits)


def judge(material: Material, now: int) -> Iterator[Finding]:
    """Yield the findings of every check, sorted by check; `now` is µs since 1970-01-01 UTC."""
    view = view_of(material, now)
    for check in checks():
        yield from check.find(view)


def view_of(material: Material, now: int) -> View:
    """What the checks see."""
    directory = material.directory
    watched = watched_groups(directory)
    members = members_of(directory, watched)
    known = [_resolved(one, directory) for one in material.changes]
    right_changes = [*material.right_changes]
    if material.earlier is not None:
        before = members_of(material.earlier, watched_groups(material.earlier))
        known += comparison.of_members(before, members, directory.members)
        right_changes += comparison.of_rights(material.earlier, directory)
    as_of = material.as_of or _latest(directory, (*known, *right_changes), now) or now
    return View(
        directory=directory,
        watched=watched,
        members=members,
        nested={group: nested_groups(directory, group) for group in watched},
        changes=tuple(known),
        right_changes=right_changes,
        gifts=gifts_of(right_changes, directory),
        additions=additions_of(known),
        controllers=controllers_of(directory),
        holders=role_holders(directory),
        runs=runs_of(directory),
        as_of=as_of,
        limits=material.limits,
    )


def guarded(directory: Directory) -> list[str]:
    """Distinguished names of the objects from which a way leads to high-profile groups or roles:
    the watched groups, those nested in them, their members, holders of dangerous roles, and what
    all these lie in.
    """
    watched = watched_groups(directory)
    inside = members_of(directory, watched).values()
    nested = sorted({one for group in watched for one in nested_groups(directory, group)})
    empty = sorted({one for paths in inside for one in paths if _is_group(directory, one)})
    members = (directory.key(one.dn) for one in powerful(directory))
    keys = dict.fromkeys((*watched, *nested, *empty, *members, *role_holders(directory)))
    named = (directory.parties.get(key) for key in keys)
    found = [one.dn for one in named if one is not None and one.dn]
    above = {name.casefold(): name for dn in found for name in containers(dn)}
    known = {dn.casefold() for dn in found}
    return [*found, *(above[name] for name in sorted(above.keys() - known))]


def _is_group(directory: Directory, key: str) -> bool:
    party = directory.parties.get(key)
    return party is not None and party.kind is Kind.GROUP


def powerful(directory: Directory) -> list[Party]:
    """Accounts with name and SID that are in watched groups, the worst groups first, and those that
    the directory protects (adminCount) though no list shows why.
    """
    watched = watched_groups(directory)
    ranked = sorted(watched, key=lambda key: (-watched[key].level.rank, key))
    keys = [key for group in ranked for key in sorted(effective(directory, group))]
    keys += sorted(key for key, one in directory.parties.items() if one.admin_count)
    found = (directory.parties.get(key) for key in dict.fromkeys(keys))
    return [one for one in found if one and one.dn and one.sid and one.kind is not Kind.GROUP]


def _resolved(one: Change, directory: Directory) -> Change:
    """The change with parties instead of references.

    A server writes changes of its own groups as a domain controller those of the domain's, with the
    same SIDs: which it is, is known where the evidence has groups of that server.
    """
    host = one.host.partition(".")[0]
    local = directory.key(f"{host}\\{one.group}") if host else ""
    group = local if local in directory.parties else directory.key(one.group)
    return replace(one, group=group, member=directory.key(one.member))


def _latest(directory: Directory, known: Iterable[Change | RightChange], now: int) -> int | None:
    """The latest time; one in the future is damage or a lie, and would make everybody dormant."""
    logons = (one.last_logon for one in directory.parties.values() if one.last_logon)
    changes = (one.time for one in known if one.time is not None)
    return max((time for time in (*logons, *changes) if time <= now + DAY_US), default=None)
