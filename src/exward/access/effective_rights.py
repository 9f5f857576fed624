"""What the entries of an access list give together: a denial takes away what comes after it.

Order: explicit before inherited, and of each the denying before the allowing entries ([MS-DTYP]
2.4.5, [MS-ADTS] 5.1.3). A denial for a group reaches everybody in it, through nesting, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set

from exward.access import rights
from exward.access.facts import Entry, MailboxRight, Right
from exward.model.everybody import is_all

MAX_KEPT = 64
"""Trustees whose groups are remembered: each may be in very many."""
_EVERYBODY = ""
"""No party's name."""
_OWNER_RIGHTS = "s-1-3-4"
"""Stands for the owner, who without an entry for it may write the access list."""

Key = Callable[[str], str]
"""Reference → party."""
Members = Mapping[str, Iterable[str]]
"""Group → direct members, both parties."""


def of_entries(entries: Iterable[Entry], key: Key, members: Members) -> Iterator[Right]:
    """Yield what each trustee may do to each target, in the order of targets and entries."""
    by_target: dict[str, list[Entry]] = {}
    for one in entries:
        by_target.setdefault(key(one.target), []).append(one)
    reach = _Reach(members)
    for listed in by_target.values():
        ordered = sorted(listed, key=lambda one: (one.inherited, one.allow))
        yield from _of_list(ordered, key, reach)


def with_owners(found: Iterable[Right], entries: Iterable[Entry], key: Key) -> Iterator[Right]:
    """The rights without those of owners whom an entry for OWNER RIGHTS gives less."""
    limited = {key(one.target) for one in entries if key(one.trustee) == _OWNER_RIGHTS}
    for one in found:
        if one.right != rights.OWNS or key(one.target) not in limited:
            yield one


def _of_list(ordered: Iterable[Entry], key: Key, reach: _Reach) -> Iterator[Right]:
    denials: dict[str, dict[str, int]] = {}
    for one in ordered:
        trustee = key(one.trustee)
        if not one.allow:
            _add(denials.setdefault(_denied(trustee), {}), one.object_type, one.mask)
            continue
        taken: dict[str, int] = {}
        for party in reach.of(denials.keys(), trustee):
            for kind, mask in denials[party].items():
                _add(taken, kind, mask)
        for name in _left(one, taken):
            yield Right(
                one.target, one.trustee, name, one.inherited, one.place, one.reach, one.mask,
                one.object_type,
            )  # fmt: skip


def _add(taken: dict[str, int], kind: str, mask: int) -> None:
    taken[kind] = taken.get(kind, 0) | rights.expanded(mask)


def _left(one: Entry, taken: Mapping[str, int]) -> tuple[str, ...]:
    """The rights that an entry gives after the denials before it, by GUID ("" for all)."""
    mask = rights.expanded(one.mask)
    denied: set[str] = set()
    for kind, bits in taken.items():
        if not kind or kind == one.object_type:
            mask &= ~bits
        elif not one.object_type and bits & rights.CONTROL_ACCESS:
            denied.add(kind)
    if denied and mask & rights.CONTROL_ACCESS:
        # All extended rights but these: what is left of those that are told apart.
        rest = (name for guid, name in rights.EXTENDED.items() if guid not in denied)
        mask &= ~rights.CONTROL_ACCESS
        return (*rights.names_of(mask, one.object_type), *rest)
    return rights.names_of(mask, one.object_type)


def on_mailboxes(
    found: Iterable[MailboxRight], key: Key, members: Members
) -> Iterator[MailboxRight]:
    """The rights on mailboxes that no denial before them takes away, in the order of mailboxes."""
    by_mailbox: dict[tuple[str, str], list[MailboxRight]] = {}
    for one in found:
        by_mailbox.setdefault((one.mailbox.casefold(), one.right.casefold()), []).append(one)
    reach = _Reach(members)
    for listed in by_mailbox.values():
        denied: set[str] = set()
        for one in sorted(listed, key=lambda one: (one.inherited, not one.deny)):
            trustee = key(one.trustee)
            if one.deny:
                denied.add(_denied(trustee))
            elif not reach.of(denied, trustee):
                yield one


def _denied(party: str) -> str:
    """Whom a denial concerns: a party with all in it, or everybody."""
    return _EVERYBODY if is_all(party) else party


class _Reach:
    """Whom denials reach. Groups are looked for from the trustee upwards: he is in few, while a
    group that is denied something may have everybody in it.
    """

    def __init__(self, members: Members) -> None:
        self._members = members
        self._groups: dict[str, list[str]] | None = None
        self._above: dict[str, set[str]] = {}

    def of(self, denied: Set[str], trustee: str) -> Set[str]:
        """Those of the denied that concern a trustee."""
        return denied & self._around(trustee) if denied else frozenset()

    def _around(self, trustee: str) -> set[str]:
        if trustee not in self._above:
            if len(self._above) >= MAX_KEPT:
                self._above.clear()
            self._above[trustee] = self._upwards(trustee)
        return self._above[trustee]

    def _upwards(self, trustee: str) -> set[str]:
        if self._groups is None:
            self._groups = {}
            for group, inside in self._members.items():
                for member in inside:
                    self._groups.setdefault(member, []).append(group)
        found, waiting = {trustee, _EVERYBODY}, [trustee]
        while waiting:
            for group in self._groups.get(waiting.pop(), ()):
                if group not in found:
                    found.add(group)
                    waiting.append(group)
        return found
