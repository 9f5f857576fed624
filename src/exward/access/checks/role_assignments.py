"""Dangerous management roles that somebody has who does not have them after setup."""

from __future__ import annotations

from collections.abc import Iterator

from exward.access import undoing
from exward.access.changes import Given
from exward.access.facts import Role, is_unscoped
from exward.access.findings import Rule, Said, make
from exward.access.role_holders import watched_role
from exward.access.view import View
from exward.model import watchlist
from exward.model.finding import Finding
from exward.model.powershell import literal
from exward.model.severity import Severity
from exward.model.watchlist import WatchedRole

ASSIGNED = Rule(
    id="access-role-assignment",
    title="Dangerous management role assigned",
    techniques=("T1098.003", "T1098.002"),
)
TO_ALL = Rule(
    id="access-role-for-everybody",
    title="Management role assigned to every user by policy",
    techniques=("T1098.003",),
)
RULES = (ASSIGNED, TO_ALL)
_NO_GROUPS = frozenset({"user", "computer"})


def find(view: View) -> Iterator[Finding]:
    """Yield a finding for each regular assignment that Exchange's setup does not make."""
    for one in view.directory.roles:
        if one.delegating or not one.enabled:
            continue
        watched = watched_role(one)
        policy = one.assignee_kind.casefold() == "roleassignmentpolicy"
        if policy and not one.role.casefold().startswith("my"):
            yield _finding(view, TO_ALL, one, watched)
        elif watched is not None and not policy and not _is_usual(view, one, watched):
            yield _finding(view, ASSIGNED, one, watched)


def _advice(name: str) -> str:
    if not name:
        return "Find the assignment with Get-ManagementRoleAssignment, and switch it off."
    later = f" When nobody has missed it: Remove-ManagementRoleAssignment {literal(name)}."
    return undoing.of_role(name).advice("Switch it off:") + later


def _is_usual(view: View, one: Role, watched: WatchedRole) -> bool:
    if one.assignee_kind.casefold() in _NO_GROUPS:
        return False  # a namesake of a role group
    name = one.assignee.replace("\\", "/").rpartition("/")[2].casefold()
    return watched.is_usual(name) or watched.is_usual(view.shown(one.assignee))


def _holder(view: View, one: Role) -> str:
    who = view.directory.who(one.assignee)
    known = who in view.directory.parties
    return view.directory.name(who) if known else view.account(one.assignee)


def _fields(view: View, one: Role) -> dict[str, str]:
    known = {
        "role": one.role,
        "assignee": _holder(view, one),
        "name": one.name,
        "scope": "everything" if is_unscoped(one) else one.scope,
    }
    return (undoing.of_role(one.name) if one.name else undoing.Commands()).told_with(known)


def _finding(view: View, rule: Rule, one: Role, watched: WatchedRole | None) -> Finding:
    assignee = _holder(view, one)
    role = f"{one.role} (made from {one.parent})" if one.parent else one.role
    everything = is_unscoped(one)
    level = Severity.HIGH if watched is None else watched.severity(not everything)
    if rule is TO_ALL:
        level = watchlist.FOR_ALL
    scope = "with no scope: over everything" if everything else f"over {one.scope}"
    said = (
        f"{assignee} has {role} {scope}.",
        watched.why if watched is not None else "",
        view.given(Given.ROLE, one.assignee, one.role),
    )
    return make(
        rule,
        Said(
            title=f"{one.role} assigned to {assignee}",
            why=" ".join(filter(None, said)),
            severity=level,
            about=(one.role, view.directory.key(one.assignee), one.name),
            places=[(one.place, _fields(view, one))],
            advice=_advice(one.name),
            account=assignee,
            first=one.created,
        ),
    )
