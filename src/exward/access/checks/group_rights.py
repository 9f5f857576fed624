"""Who may put himself, or others, into a high-profile group without being in one.

What Exchange's setup and the schema give is left out: Exchange's administrators and servers on its
own groups, Account Operators on groups that AdminSDHolder does not protect (Microsoft Learn: Active
Directory security groups; Exchange Server: Active Directory permissions that setup sets).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from exward.access import rights
from exward.access.checks.domain_rights import is_usual
from exward.access.facts import ACCOUNTS, Place, Right
from exward.access.findings import Rule, Said, make
from exward.access.undoing import Commands, advised, of_object
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
MAX_SINGLE = 3
"""Groups that one trustee may change and that get a finding each."""
_DANGEROUS = rights.TAKE_OVER | {rights.GENERIC_WRITE, rights.ADD_MEMBER, rights.ADD_SELF}
_ACCOUNT_OPERATORS = "s-1-5-32-548"
_OF_EXCHANGE = frozenset({"organization management"})
_EXCHANGE = "exchange"


def find(view: View) -> Iterator[Finding]:
    """Yield one finding for each trustee and watched group; of many groups one for the trustee."""
    held: dict[str, dict[str, list[Right]]] = {}
    for one in view.directory.rights:
        target, trustee = view.directory.key(one.target), view.directory.key(one.trustee)
        known = target in view.watched and one.right in _DANGEROUS
        if known and not _is_expected(view, target, trustee):
            held.setdefault(trustee, {}).setdefault(target, []).append(one)
    for trustee, by_target in sorted(held.items()):
        if len(by_target) > MAX_SINGLE:
            yield _summed(view, trustee, by_target)
        else:
            for target, listed in sorted(by_target.items()):
                yield _finding(view, (target, trustee), listed)


def _is_expected(view: View, target: str, trustee: str) -> bool:
    sid = view.directory.sid(trustee)
    if is_usual(sid, view.directory.sid(target)) or trustee == target:
        return True
    if view.watched[target].tool != _EXCHANGE:
        return False
    party = view.directory.parties.get(trustee)
    if party is not None and party.kind in ACCOUNTS:
        return False  # a namesake of a group
    name = view.directory.name(trustee).casefold()
    by_setup = name in _OF_EXCHANGE or name in watchlist.machine_groups()
    return by_setup or sid.casefold() == _ACCOUNT_OPERATORS


def _commands(view: View, about: tuple[str, str], listed: list[Right]) -> Commands:
    party = view.directory.parties.get(about[0])
    dn = party.dn if party is not None else ""
    return of_object(dn, view.identity(about[1]), listed)


def _place(view: View, about: tuple[str, str], one: Right) -> tuple[Place, dict[str, str]]:
    known = {
        "right": one.right,
        "trustee": view.directory.name(about[1]),
        "target": view.directory.name(about[0]),
    }
    return one.place, _commands(view, about, [one]).told_with(known)


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
            places=[_place(view, about, one) for one in listed],
            advice=advised(listed, _commands(view, about, listed), OVER.advice),
            server=view.domain(about[0]),
            account=name,
        ),
    )


def _summed(view: View, trustee: str, by_target: Mapping[str, list[Right]]) -> Finding:
    """The worst groups first."""
    name = view.directory.name(trustee)
    targets = sorted(by_target, key=lambda key: (-view.watched[key].level.rank, key))
    words = ", ".join(sorted({one.right for listed in by_target.values() for one in listed}))
    shown = ", ".join(view.directory.name(key) for key in targets[:MAX_SINGLE])
    return make(
        OVER,
        Said(
            title=f"{name} may change {len(targets):,} high-profile groups",
            why=f"{name} has {words} on {shown} and {len(targets) - MAX_SINGLE:,} more. "
            f"{view.watched[targets[0]].why}",
            severity=view.watched[targets[0]].level,
            about=(trustee,),
            places=[_place(view, (key, trustee), one) for key in targets for one in by_target[key]],
            advice=f"{OVER.advice} The commands are with each group in the results (JSON, HTML).",
            server=view.domain(targets[0]),
            account=name,
            count=len(targets),
        ),
    )
