"""What the checks see: the directory, its watched groups with their members, and the changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from exward.access.changes import Change, Given, RightChange, said
from exward.access.directory import Directory, effective, groups_of
from exward.access.facts import Kind, Runs
from exward.access.ldap_values import name_parts
from exward.model import watchlist
from exward.model.severity import Severity
from exward.model.watchlist import Watched

ADMIN_SD_HOLDER = "cn=adminsdholder,"
"""How its distinguished name begins, in lower case."""
_SID = re.compile(r"s-1-\d", re.IGNORECASE)
_NAMED = re.compile(r"(?:cn|ou)=", re.IGNORECASE)
Paths = Mapping[str, tuple[str, ...]]
"""Effective member → groups on the way to it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What counts as dormant, and where administrators' accounts lie (patterns; none: not told)."""

    dormant_days: int = 90
    admin_tier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """One snapshot ready to be judged. `as_of` is µs since 1970-01-01 UTC."""

    directory: Directory
    watched: Mapping[str, Watched]
    members: Mapping[str, Paths]
    nested: Mapping[str, Set[str]]
    """By watched group, the groups with members that are in it, through nesting, too."""
    changes: Sequence[Change]
    right_changes: Sequence[RightChange]
    additions: Mapping[tuple[str, str], Change]
    """By group and member, the last change that added."""
    gifts: Mapping[tuple[Given, str, str], RightChange]
    """By kind, party and right, the last change that gave it."""
    controllers: frozenset[str]
    """Domain controllers: members of the groups with the last numbers 516 and 521."""
    holders: Mapping[str, tuple[Severity, str]]
    """By party, its worst management role: how bad, and its name (`role_holders.py`)."""
    runs: Mapping[str, Sequence[Runs]]
    """By party, the services and tasks that run as it."""
    as_of: int
    limits: Limits

    def since(self, group: str, member: str) -> Change | None:
        """The last change that put a member into a group; None if nothing says so."""
        return self.additions.get((group, member))

    def given(self, kind: Given, who: str, what: str) -> str:
        """When and by whom an account got a right, in words; "" if nothing says so."""
        one = self.gifts.get((kind, self.directory.who(who), _squeezed(what)))
        return "" if one is None else f"Given {said(one)}."

    def guards(self, key: str) -> bool:
        """Whether a party is a domain itself or the template of its protected accounts."""
        party = self.directory.parties.get(key)
        if party is None:
            return False
        return party.kind is Kind.DOMAIN or party.dn.casefold().startswith(ADMIN_SD_HOLDER)

    def is_watched_member(self, key: str) -> bool:
        """Whether a party, or a group with members, is in one of the watched groups."""
        return any(key in paths or key in self.nested[one] for one, paths in self.members.items())

    def is_domain_controller(self, key: str) -> bool:
        """Whether a party is in the group of domain controllers, writable or not."""
        return key in self.controllers

    def shown(self, reference: str) -> str:
        """What a reference is called; what nothing is known of as the evidence writes it, of a
        distinguished name the first part.
        """
        key = self.directory.key(reference)
        known = key in self.directory.parties or _SID.match(reference)
        name = self.directory.name(key) if known else reference
        return name_parts(name)[0] if _NAMED.match(name) else name

    def account(self, reference: str) -> str:
        """As a command takes it: as the evidence writes it, but a name instead of a bare SID."""
        known = _SID.match(reference) or _NAMED.match(reference)
        return self.shown(reference) if known else reference

    def identity(self, key: str) -> str:
        """What names a party to a command: its SID, else its name."""
        return self.directory.sid(key).upper() or self.directory.name(key)

    def trustee(self, reference: str) -> str:
        """What names an account to a command: as the evidence writes it, but of a distinguished
        name the SID; names without a domain may be several accounts', or not what they look like.
        """
        if _SID.match(reference) or _NAMED.match(reference):
            return self.directory.sid(self.directory.key(reference)).upper() or reference
        return reference

    def domain(self, key: str) -> str:
        """The domain of a party, for the finding's server; "" if not known."""
        party = self.directory.parties.get(key)
        return party.domain.casefold() if party is not None else ""


def additions_of(changes: Iterable[Change]) -> dict[tuple[str, str], Change]:
    """For each group and member the last change that added it; one without time is the oldest."""
    last: dict[tuple[str, str], Change] = {}
    for one in changes:
        known = last.get((one.group, one.member))
        if one.added and (known is None or (one.time or 0) >= (known.time or 0)):
            last[one.group, one.member] = one
    return last


def gifts_of(
    changes: Iterable[RightChange], directory: Directory
) -> dict[tuple[Given, str, str], RightChange]:
    """For each kind, party and right the last change that gave it."""
    last: dict[tuple[Given, str, str], RightChange] = {}
    for one in sorted(changes, key=lambda one: one.time or 0):
        for what in one.what.split(",") if one.added and one.who else ():
            last[one.kind, directory.who(one.who), _squeezed(what)] = one
    return last


def _squeezed(what: str) -> str:
    return re.sub(r"[\s-]", "", what).casefold()


def controllers_of(directory: Directory) -> frozenset[str]:
    """The domain controllers of all domains that the evidence has (Microsoft Learn: SIDs)."""
    groups = (key for key in directory.members if directory.sid(key).endswith(("-516", "-521")))
    return frozenset(key for group in groups for key in directory.members[group])


def runs_of(directory: Directory) -> dict[str, list[Runs]]:
    """Services and tasks by the party that they run as."""
    found: dict[str, list[Runs]] = {}
    for one in directory.runs:
        found.setdefault(directory.who(one.account), []).append(one)
    return found


def watched_groups(directory: Directory) -> dict[str, Watched]:
    """The watched groups that the evidence has, by key."""
    found = {}
    for key in groups_of(directory):
        one = watchlist.by_identity(directory.sid(key), directory.name(key))
        if one is not None:
            found[key] = one
    return found


def members_of(directory: Directory, groups: Iterable[str]) -> dict[str, Paths]:
    """Effective members of each group."""
    return {group: effective(directory, group) for group in groups}
