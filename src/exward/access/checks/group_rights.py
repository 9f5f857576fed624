"""Who may put himself, or others, into a high-profile group without being in one.

What Exchange's setup and the schema give is left out: Exchange's administrators and servers on its
own groups, Account Operators on groups that AdminSDHolder does not protect (Microsoft Learn: Active
Directory security groups; Exchange Server: Active Directory permissions that setup sets).
"""

from __future__ import annotations

from collections.abc import Iterator

from exward.access import rights
from exward.access.checks.domain_rights import is_usual
from exward.access.facts import Right
from exward.access.findings import Rule, Said, make
from exward.access.undoing import Commands, of_object
from exward.access.view import View
from exward.model import watchlist
from exward.model.finding import Finding

OVER = Rule(
    id="access-group-rights",
    title="Right over a high-profile group",
    techniques=("T1098.007", "T1222.001"),
    advice="Remove the entry of the group's access list unless somebody answers for it.",
)
RULES = (OVER,)
_DANGEROUS = rights.TAKE_OVER | {rights.GENERIC_WRITE, rights.ADD_MEMBER, rights.ADD_SELF}
_ACCOUNT_OPERATORS = "s-1-5-32-548"
_OF_EXCHANGE = frozenset({"organization management"})
_EXCHANGE = "exchange"


def find(view: View) -> Iterator[Finding]:
    """Yield one finding for each watched group and trustee."""
    held: dict[tuple[str, str], list[Right]] = {}
    for one in view.directory.rights:
        target = view.directory.key(one.target)
        if target in view.watched and one.right in _DANGEROUS:
            held.setdefault((target, view.directory.key(one.trustee)), []).append(one)
    for (target, trustee), listed in sorted(held.items()):
        if not _is_expected(view, target, trustee):
            yield _finding(view, (target, trustee), listed)


def _is_expected(view: View, target: str, trustee: str) -> bool:
    sid = view.directory.sid(trustee)
    if is_usual(sid, view.directory.sid(target)) or trustee == target:
        return True
    if view.watched[target].tool != _EXCHANGE:
        return False
    name = view.directory.name(trustee).casefold()
    by_setup = name in _OF_EXCHANGE or name in watchlist.machine_groups()
    return by_setup or sid.casefold() == _ACCOUNT_OPERATORS


def _commands(view: View, about: tuple[str, str], listed: list[Right]) -> Commands:
    party = view.directory.parties.get(about[0])
    dn = party.dn if party is not None else ""
    own = (one.right for one in listed if not one.inherited)
    return of_object(dn, view.directory.name(about[1]), own)


def _finding(view: View, about: tuple[str, str], listed: list[Right]) -> Finding:
    group, name = view.directory.name(about[0]), view.directory.name(about[1])
    words = ", ".join(sorted({one.right for one in listed}))
    watched = view.watched[about[0]]
    return make(
        OVER,
        Said(
            title=f"{name} may change {group}",
            why=f"{name} has {words} on {group}. {watched.why}",
            severity=watched.level,
            about=about,
            places=[
                (one.place, {"right": one.right, "trustee": name, "target": group})
                for one in listed
            ],
            advice=_commands(view, about, listed).advice(OVER.advice),
            server=view.domain(about[0]),
            account=name,
        ),
    )
