"""Merging repetition: hits of one rule by one account from one address are one group.

A worker collects groups, the scan merges those of all workers. Memory is bounded however many
hits there are, and the outcome does not depend on how the evidence was split: of the places the
earliest are kept, of too many groups those with the smallest hash, the others counted together. The
hash is salted with the evidence: nobody can make decoys beforehand that are kept for sure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

import msgspec

from exward.model.finding import Evidence

MAX_GROUPS = 500
"""Groups kept for one rule on one server."""
MAX_PLACES = 100
MAX_EXCERPTS = 10

Key = tuple[str, str, str, str, str]
"""Rule id, server, account, source address, ids of the accepted risks that cover the records."""
Place = tuple[int, str, int]
"""Time (µs UTC; NO_TIME if unknown), evidence file, position."""
NO_TIME = 2**62


class Group(msgspec.Struct):
    """Hits that will be one finding."""

    count: int = 0
    first: int = NO_TIME
    last: int = -NO_TIME
    places: list[Place] = []
    excerpts: dict[Place, dict[str, str]] = {}
    latest_shown: Place = (NO_TIME, "", 0)
    why: str = ""
    why_place: Place = (NO_TIME, "", 0)

    def wants(self, place: Place) -> bool:
        """Whether the place would be among those kept with an excerpt."""
        if len(self.excerpts) < MAX_EXCERPTS:
            return place not in self.excerpts
        return place < self.latest_shown and place not in self.excerpts

    def add(self, place: Place) -> None:
        """Count one hit."""
        self.count += 1
        if place[0] != NO_TIME:
            self.first = min(self.first, place[0])
            self.last = max(self.last, place[0])
        self.places.append(place)
        if len(self.places) > 2 * MAX_PLACES:
            self._cut()

    def show(self, place: Place, fields: Mapping[str, str], why: Callable[[], str]) -> None:
        """Keep an excerpt of the hit that was just added, if it is among the earliest."""
        self.excerpts[place] = dict(fields)
        if place < self.why_place or not self.why:
            self.why, self.why_place = why(), place
        if len(self.excerpts) > MAX_EXCERPTS:
            del self.excerpts[max(self.excerpts)]
        self.latest_shown = max(self.excerpts)

    def merge(self, other: Group) -> None:
        """Take in another group's hits."""
        self.count += other.count
        self.first = min(self.first, other.first)
        self.last = max(self.last, other.last)
        self.places += other.places
        self._cut()
        self.excerpts |= other.excerpts
        for place in sorted(self.excerpts)[MAX_EXCERPTS:]:
            del self.excerpts[place]
        self.latest_shown = max(self.excerpts, default=self.latest_shown)
        if other.why and (not self.why or other.why_place < self.why_place):
            self.why, self.why_place = other.why, other.why_place

    def evidence(self) -> tuple[Evidence, ...]:
        """The earliest places in order, the first few with an excerpt."""
        self._cut()
        return tuple(
            Evidence(
                file, position, None if time == NO_TIME else time, self.excerpts.get(place, {})
            )
            for place in self.places
            for time, file, position in (place,)
        )

    def _cut(self) -> None:
        # The same record may have been read twice (an archived copy of a log).
        self.places = sorted(set(self.places))[:MAX_PLACES]


class Groups:
    """All groups of a worker, or of the whole scan."""

    def __init__(self, salt: bytes = b"") -> None:
        self._salt = salt
        self._by_rule: dict[tuple[str, str], dict[Key, Group]] = {}
        self._limits: dict[tuple[str, str], bytes] = {}

    def group(self, key: Key) -> Group:
        """The group for a key; made if there is none yet."""
        place = key[:2]
        groups = self._by_rule.get(place)
        if groups is None:
            groups = self._by_rule[place] = {}
        group = groups.get(key)
        if group is not None:
            return group
        limit = self._limits.get(place)
        if limit is not None and self._hash(key) > limit:
            return groups[_rest(key)]
        groups[key] = Group(places=[], excerpts={})
        if len(groups) > 2 * MAX_GROUPS:
            self._prune(place)
        return groups.get(key) or groups[_rest(key)]

    def merge(self, groups: Mapping[Key, Group], limits: Mapping[tuple[str, str], bytes]) -> None:
        """Take in another worker's groups."""
        for place, limit in limits.items():
            self._limits[place] = min(limit, self._limits.get(place, limit))
            self._by_rule.setdefault(place, {}).setdefault(
                _rest((*place, "", "", "")), Group(places=[], excerpts={})
            )
        for key, group in groups.items():
            target = self.group(key)
            if target is not group:
                target.merge(group)

    def exported(self) -> tuple[dict[Key, Group], dict[tuple[str, str], bytes]]:
        """What `merge` takes, cut to the number of groups kept."""
        for place, groups in self._by_rule.items():
            if len(groups) > MAX_GROUPS + (_rest((*place, "", "", "")) in groups):
                self._prune(place)
            self._refold(place)
        merged = {key: group for groups in self._by_rule.values() for key, group in groups.items()}
        return {key: group for key, group in merged.items() if group.count}, self._limits

    def _prune(self, place: tuple[str, str]) -> None:
        groups = self._by_rule[place]
        named = sorted((key for key in groups if key != _rest(key)), key=self._hash)
        self._limits[place] = min(
            self._hash(named[MAX_GROUPS - 1]), self._limits.get(place, b"\xff" * 9)
        )
        self._refold(place)

    def _hash(self, key: Key) -> bytes:
        """Which groups are kept is chance, but the same however the evidence is split."""
        text = "\0".join(key).encode("utf-8", "backslashreplace")
        return hashlib.blake2b(text, digest_size=8, key=self._salt).digest()

    def _refold(self, place: tuple[str, str]) -> None:
        """Fold every group beyond the limit into the one for the rest."""
        limit = self._limits.get(place)
        if limit is None:
            return
        groups = self._by_rule[place]
        rest = groups.setdefault(_rest((*place, "", "", "")), Group(places=[], excerpts={}))
        for key in [key for key in groups if key != _rest(key) and self._hash(key) > limit]:
            rest.merge(groups.pop(key))


def _rest(key: Key) -> Key:
    return key[0], key[1], "\0", "\0", ""


def is_rest(key: Key) -> bool:
    """Whether the group holds what was folded together."""
    return key[2] == "\0"
