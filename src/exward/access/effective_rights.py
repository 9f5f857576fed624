"""What the entries of an access list give together: a denial takes away what comes after it.

Order: explicit before inherited, and of each the denying before the allowing entries ([MS-DTYP]
2.4.5, [MS-ADTS] 5.1.3). A denial for a group reaches everybody in it, through nesting, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from exward.access import rights
from exward.access.facts import Entry, MailboxRight, Right
from exward.model.everybody import is_all

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
    denials: list[tuple[str, Entry]] = []
    for one in ordered:
        trustee = key(one.trustee)
        if not one.allow:
            denials.append((trustee, one))
            continue
        applying = [denial for denied, denial in denials if reach.has(denied, trustee)]
        for name in _left(one, applying):
            yield Right(
                one.target, one.trustee, name, one.inherited, one.place, one.reach, one.mask,
                one.object_type,
            )  # fmt: skip


def _left(one: Entry, denials: Iterable[Entry]) -> tuple[str, ...]:
    """The rights that an entry gives after the denials before it."""
    mask = rights.expanded(one.mask)
    denied: set[str] = set()
    for denial in denials:
        taken = rights.expanded(denial.mask)
        if not denial.object_type or denial.object_type == one.object_type:
            mask &= ~taken
        elif not one.object_type and taken & rights.CONTROL_ACCESS:
            denied.add(denial.object_type)
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
        denied: list[str] = []
        for one in sorted(listed, key=lambda one: (one.inherited, not one.deny)):
            trustee = key(one.trustee)
            if one.deny:
                denied.append(trustee)
            elif not any(reach.has(other, trustee) for other in denied):
                yield one


class _Reach:
    """Which parties a denial reaches; closures of nesting are made once for each group."""

    def __init__(self, members: Members) -> None:
        self._members = members
        self._inside: dict[str, set[str]] = {}

    def has(self, denied: str, trustee: str) -> bool:
        """Whether the denial for one party concerns the other."""
        if denied == trustee or is_all(denied):
            return True
        if denied not in self._inside:
            self._inside[denied] = self._below(denied)
        return trustee in self._inside[denied]

    def _below(self, group: str) -> set[str]:
        found: set[str] = set()
        waiting = [group]
        while waiting:
            for member in self._members.get(waiting.pop(), ()):
                if member not in found:
                    found.add(member)
                    waiting.append(member)
        return found
