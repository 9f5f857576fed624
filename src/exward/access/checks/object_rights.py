"""Who may take over a member of a high-profile group, a server of Exchange, or what they lie in.

Left out is who has the target's power anyway, and what the schema gives: Account Operators on
accounts that AdminSDHolder does not protect, Key Admins on keys (Microsoft Learn: Active Directory
security groups). What an organisational unit hands on shows on the objects themselves; on the unit
count the rights to change what it hands on, and to link a group policy to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from enum import StrEnum

from exward.access import rights
from exward.access.checks.domain_rights import is_usual
from exward.access.facts import NO_LIST, Kind, Right
from exward.access.findings import MAX_PLACES, Rule, Said, make
from exward.access.ldap_values import containers
from exward.access.undoing import OPEN, Commands, of_object
from exward.access.view import View
from exward.model.finding import Finding
from exward.model.severity import Severity

ACCOUNT = Rule(
    id="access-account-rights",
    title="Right over a member of a high-profile group",
    techniques=("T1098", "T1222.001"),
    advice="Remove the entries of the accounts' access lists unless somebody answers for them.",
)
SERVER = Rule(
    id="access-server-rights",
    title="Right over a server in a high-profile group",
    techniques=("T1098", "T1222.001"),
    advice="Remove the entries of the computers' access lists unless somebody answers for them.",
)
GROUP = Rule(
    id="access-nested-group-rights",
    title="Right over a group inside of a high-profile group",
    techniques=("T1098.007", "T1222.001"),
    advice="Remove the entries of the groups' access lists unless somebody answers for them.",
)
CONTAINER = Rule(
    id="access-container-rights",
    title="Right over where members of high-profile groups lie",
    techniques=("T1484.001", "T1222.001"),
    advice="Remove the entries, or move the accounts and servers to a unit of their own.",
)
RULES = (ACCOUNT, SERVER, GROUP, CONTAINER)


class _Target(StrEnum):
    """What a right is on."""

    ACCOUNT = "account"
    SERVER = "server"
    GROUP = "group"
    CONTAINER = "container"


_RULE = {
    _Target.ACCOUNT: ACCOUNT,
    _Target.SERVER: SERVER,
    _Target.GROUP: GROUP,
    _Target.CONTAINER: CONTAINER,
}
_WIDE = rights.TAKE_OVER | {rights.GENERIC_WRITE}
_DANGEROUS = {
    _Target.ACCOUNT: _WIDE
    | {rights.ALL_EXTENDED, rights.SET_PASSWORD, rights.WRITE_KEYS, rights.WRITE_SPN},
    _Target.SERVER: _WIDE | {rights.ALL_EXTENDED, rights.WRITE_KEYS, rights.WRITE_DELEGATION},
    _Target.GROUP: _WIDE | {rights.ADD_MEMBER, rights.ADD_SELF},
    _Target.CONTAINER: _WIDE | {rights.WRITE_POLICY_LINK},
}
_KINDS = {Kind.COMPUTER: _Target.SERVER, Kind.GROUP: _Target.GROUP}
_ACCOUNT_OPERATORS = "s-1-5-32-548"
_KEY_ADMINS = ("-526", "-527")
_NAMED = 3
_OWNER = (
    "Make Domain Admins the owner (Active Directory Users and Computers: Security, Advanced): "
    "an owner may rewrite the access list."
)

_Power = tuple[int, bool]
"""Rank of the worst watched group, and whether it is one of the directory itself."""
_NONE: _Power = (-1, False)
_Held = dict[tuple[_Target, str], list[Right]]


def find(view: View) -> Iterator[Finding]:
    """Yield one finding for each trustee and kind of target."""
    powers = _powers(view)
    targets = _targets(view, powers)
    held: _Held = {}
    for one in view.directory.rights:
        target = view.directory.key(one.target)
        if target in targets and one.right in _DANGEROUS[targets[target][0]]:
            kind, power = targets[target]
            trustee = view.directory.key(one.trustee)
            if not _is_expected(view, one, (target, trustee), power, powers):
                held.setdefault((kind, trustee), []).append(one)
    for about, listed in sorted(held.items()):
        yield _finding(view, about, listed, targets)


def targets_of(view: View) -> Set[str]:
    """The objects that a right on leads to a high-profile group, or to a dangerous role."""
    return _targets(view, _powers(view)).keys()


def _powers(view: View) -> dict[str, _Power]:
    """How much each member of a watched group may do, those nested in it, and the group itself."""
    found: dict[str, _Power] = {}
    for group, watched in view.watched.items():
        power = (watched.level.rank, watched.tool == "active-directory")
        paths = view.members.get(group, {})
        for key in (group, *paths, *view.nested[group]):
            found[key] = max(power, found.get(key, _NONE))
    return found


def _with_roles(view: View, powers: Mapping[str, _Power]) -> dict[str, _Power]:
    """Holders of dangerous roles besides: worth taking over, but not as powerful as a group is."""
    found = dict(powers)
    for key, (level, _) in view.holders.items():
        found[key] = max((level.rank, False), found.get(key, _NONE))
    return found


def _targets(view: View, powers: Mapping[str, _Power]) -> dict[str, tuple[_Target, _Power]]:
    return dict(_ranked(view, _with_roles(view, powers)))


def _ranked(
    view: View, powers: Mapping[str, _Power]
) -> Iterator[tuple[str, tuple[_Target, _Power]]]:
    """The members, and what lies above those that take rights over from there.

    Of protected accounts (adminCount) none is taken over ([MS-ADTS] 3.1.1.6.1).
    """
    above: dict[str, _Power] = {}
    for key, power in powers.items():
        party = view.directory.parties.get(key)
        if party is None or key in view.watched:
            continue
        yield key, (_KINDS.get(party.kind, _Target.ACCOUNT), power)
        for name in containers(party.dn) if party.admin_count is not True else ():
            container = view.directory.key(name)
            above[container] = max(power, above.get(container, _NONE))
    for key, power in above.items():
        yield key, (_Target.CONTAINER, power)


def _is_expected(
    view: View,
    one: Right,
    about: tuple[str, str],
    power: _Power,
    powers: Mapping[str, _Power],
) -> bool:
    """Whether the trustee has the power already, or by the schema."""
    target, trustee = about
    sid = view.directory.sid(trustee).casefold()
    party = view.directory.parties[target]
    if is_usual(sid, party.sid) or trustee == target or powers.get(trustee, _NONE) >= power:
        return True
    if sid == _ACCOUNT_OPERATORS:
        return party.admin_count is not True
    return sid.endswith(_KEY_ADMINS) and one.right == rights.WRITE_KEYS


def _finding(
    view: View,
    about: tuple[_Target, str],
    listed: list[Right],
    targets: Mapping[str, tuple[_Target, _Power]],
) -> Finding:
    kind, trustee = about
    name = view.directory.name(trustee)
    keys = sorted(
        {view.directory.key(one.target) for one in listed},
        key=lambda key: (-targets[key][1][0], key),
    )
    rank = targets[keys[0]][1][0]
    return make(
        _RULE[kind],
        Said(
            title=f"{name} may {_said(view, kind, keys)}",
            why=_why(view, name, keys, listed),
            severity=next(one for one in Severity if one.rank == rank),
            about=(kind, trustee),
            places=[(one.place, _fields(view, one)) for one in listed[:MAX_PLACES]],
            advice=_advice(view, listed, _RULE[kind]),
            server=view.domain(keys[0]),
            account=name,
            count=len(keys),
        ),
    )


def _said(view: View, kind: _Target, keys: list[str]) -> str:
    only = view.shown(view.directory.parties[keys[0]].dn) if len(keys) == 1 else ""
    if kind is _Target.CONTAINER:
        where = only or f"{len(keys):,} units"
        return f"change what members of high-profile groups inherit in {where}"
    if kind is _Target.GROUP:
        return f"change {only or f'{len(keys):,} groups'}, inside of high-profile groups"
    what = "servers" if kind is _Target.SERVER else "members"
    return f"take over {only or f'{len(keys):,} {what} of high-profile groups'}"


def _why(view: View, name: str, keys: list[str], listed: list[Right]) -> str:
    by_target: dict[str, set[str]] = {}
    for one in listed:
        by_target.setdefault(view.directory.key(one.target), set()).add(one.right)
    groups = {key: _worst(view, key) for key in keys[:_NAMED]}
    shown = "; ".join(
        f"{', '.join(sorted(by_target[key]))} on {view.shown(key)}"
        + (f" ({group})" if group else "")
        for key, group in groups.items()
    )
    more = f"; and on {len(keys) - _NAMED:,} more" if len(keys) > _NAMED else ""
    return f"{name} has {shown}{more}"


def _worst(view: View, key: str) -> str:
    """The worst watched group that a member is in, else its worst role; "" for what has neither."""
    ranked = sorted(
        (-view.watched[group].level.rank, len(paths.get(key, ())), group)
        for group, paths in view.members.items()
        if key in paths or key in view.nested[group]
    )
    if ranked:
        return view.directory.name(ranked[0][2])
    return view.holders[key][1] if key in view.holders else ""


def _commands(view: View, one: Right) -> Commands:
    dn = view.directory.parties[view.directory.key(one.target)].dn
    return of_object(dn, view.identity(view.directory.key(one.trustee)), (one,))


def _fields(view: View, one: Right) -> dict[str, str]:
    known = {
        "right": one.right,
        "trustee": view.directory.name(view.directory.key(one.trustee)),
        "target": view.directory.name(view.directory.key(one.target)),
        "group": _worst(view, view.directory.key(one.target)),
    }
    return _commands(view, one).told_with(known)


def _advice(view: View, listed: list[Right], rule: Rule) -> str:
    own = [one for one in listed if not one.inherited]
    if not own:
        return "They are inherited: remove them where they stand, at a unit above or the domain."
    if any(one.reach == NO_LIST for one in own):
        return OPEN
    first = next((made for one in own if (made := _commands(view, one)).remove), Commands())
    if not first.remove and any(one.right == rights.OWNS for one in own):
        return _OWNER
    more = len(listed) - 1
    if not more or not first.remove:
        return first.advice(rule.advice)
    return f"{first.advice(rule.advice)} Likewise the {more:,} more: in the results (JSON, HTML)."
