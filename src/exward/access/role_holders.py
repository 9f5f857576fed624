"""Accounts that a dangerous management role makes powerful, whatever groups they are in."""

from __future__ import annotations

from exward.access.directory import Directory, effective
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
    found: dict[str, tuple[Severity, str]] = {}
    for one in directory.roles:
        watched = watched_role(one)
        policy = one.assignee_kind.casefold() == "roleassignmentpolicy"
        if watched is None or policy or one.delegating or not one.enabled:
            continue
        held = watched.severity(scoped=not is_unscoped(one)), one.role
        holder = directory.who(one.assignee)
        for key in effective(directory, holder) if holder in directory.members else (holder,):
            if key not in found or held[0].rank > found[key][0].rank:
                found[key] = held
    return found
