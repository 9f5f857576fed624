"""What two snapshots differ in: members of groups, roles, rights on mailboxes and on the domain.

What only one of the two has at all (no roles, no mailboxes, a group) is not compared: it was not
exported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from exward.access.changes import COMPARED, Change, Given, RightChange
from exward.access.directory import Directory
from exward.access.facts import Place, Role, is_unscoped

_NOWHERE = Place("", 0)

Held = dict[tuple[str, str, str], tuple[str, str, str, Place]]
"""By who, what and on (resolved): the same as written, with the place."""


def of_members(
    earlier: Mapping[str, Mapping[str, object]],
    later: Mapping[str, Mapping[str, object]],
    places: Mapping[str, Mapping[str, Place]],
) -> Iterator[Change]:
    """Changes of effective members from one snapshot to the next; all by group, then member."""
    for group in sorted(earlier.keys() & later.keys()):
        for member in sorted(earlier[group].keys() ^ later[group].keys()):
            yield Change(
                time=None,
                by="",
                group=group,
                member=member,
                added=member in later[group],
                how=COMPARED,
                place=places.get(group, {}).get(member) or _NOWHERE,
            )


def of_rights(earlier: Directory, later: Directory) -> Iterator[RightChange]:
    """Roles and rights that somebody got or lost; names mean what they mean in the later one."""
    kinds = ((Given.ROLE, _roles), (Given.MAILBOX, _mailboxes), (Given.DIRECTORY, _objects))
    for kind, read in kinds:
        before, now = read(earlier, later), read(later, later)
        if not before or not now:
            continue
        for key in sorted(before.keys() ^ now.keys()):
            who, what, on, place = now[key] if key in now else before[key]
            yield RightChange(
                time=None, by="", kind=kind, who=who, what=what, on=on, added=key in now,
                how=COMPARED, place=place if key in now else _NOWHERE,
            )  # fmt: skip


def _roles(one: Directory, names: Directory) -> Held:
    return {
        (names.who(role.assignee), role.role.casefold(), _scope(role).casefold()):
            (role.assignee, role.role, _scope(role), role.place)
        for role in one.roles
        if role.enabled and not role.delegating
    }  # fmt: skip


def _scope(role: Role) -> str:
    """ "" for everything, as in changes."""
    return "" if is_unscoped(role) else role.scope


def _mailboxes(one: Directory, names: Directory) -> Held:
    return {
        (names.who(right.trustee), right.right.casefold(), names.who(right.mailbox)):
            (right.trustee, right.right, right.mailbox, right.place)
        for right in one.mailbox_rights
        if not right.inherited
    }  # fmt: skip


def _objects(one: Directory, names: Directory) -> Held:
    return {
        (names.key(right.trustee), right.right, names.key(right.target)):
            (right.trustee, right.right, right.target, right.place)
        for right in one.rights
        if not right.inherited
    }  # fmt: skip
