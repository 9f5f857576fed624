"""What the checks see: the directory, its watched groups with their members, and the changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from exward.access.changes import Change
from exward.access.directory import Directory, effective, groups_of
from exward.model import watchlist
from exward.model.watchlist import Watched

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
    changes: Sequence[Change]
    additions: Mapping[tuple[str, str], Change]
    """By group and member, the last change that added."""
    as_of: int
    limits: Limits

    def since(self, group: str, member: str) -> Change | None:
        """The last change that put a member into a group; None if nothing says so."""
        return self.additions.get((group, member))

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
