"""Accounts that a dangerous management role makes powerful, whatever groups they are in."""

from __future__ import annotations

from collections.abc import Iterator

from exward.access.directory import Directory
from exward.access.facts import Role, is_unscoped
from exward.model import watchlist
from exward.model.severity import Severity
from exward.model.watchlist import WatchedRole


def watched_role(one: Role) -> WatchedRole | None:
    """The role itself, or the one that it was made from: any name may be given to a copy."""
    named = watchlist.role_named()
    return named.get(one.role.casefold()) or named.get(one.parent.casefold())


def role_holders(directory: Directory) -> dict[str, tuple[Severity, str]]:
    """By party, how bad its worst role is, and the role's name; members of groups included.

    Roles that only may be given to others do not count, nor what a policy gives to everybody.
    """
    held = sorted(_held(directory), key=lambda one: -one[0].rank)
    found: dict[str, tuple[Severity, str]] = {}
    seen: set[str] = set()
    for level, role, holder in held:
        # The worst role comes first: what it reaches need not be gone through for another.
        for key in _inside(directory, holder, seen):
            found[key] = level, role
    return found


def _held(directory: Directory) -> Iterator[tuple[Severity, str, str]]:
    for one in directory.roles:
        watched = watched_role(one)
        policy = one.assignee_kind.casefold() == "roleassignmentpolicy"
        if watched is None or policy or one.delegating or not one.enabled:
            continue
        level = watched.severity(scoped=not is_unscoped(one))
        yield level, one.role, directory.who(one.assignee)


def _inside(directory: Directory, holder: str, seen: set[str]) -> Iterator[str]:
    """Who holds what the holder does, without those that were seen already."""
    waiting = [holder]
    while waiting:
        key = waiting.pop()
        if key in seen:
            continue
        seen.add(key)
        if key in directory.members:
            waiting += directory.members[key]
        else:
            yield key
