"""All facts together: which references mean the same party, and who is in which group.

A party is told by its SID, else its distinguished name, else its account name where only one party
has it. A name that several parties have stands for itself: better two entries than a wrong one.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from msgspec.structs import asdict, replace

from exward.access import effective_rights, ldap_entry
from exward.access.facts import (
    BUILTIN,
    Entry,
    Fact,
    Kind,
    MailboxRight,
    Membership,
    Party,
    Place,
    Right,
    Role,
    Runs,
    Token,
)
from exward.access.ldap_values import domain_parts, name_parts
from exward.model.account import bare_name

_OF_SERVER = re.compile(r"[^\\]+\\s-1-", re.IGNORECASE)
MAX_PATH = 32
GAP = "…"
Said = TypeVar("Said", Role, MailboxRight, Runs)
_USUAL_PRIMARY = ("-513", "-514", "-515", "-516", "-521")
"""Domain Users, Guests and Computers, and both kinds of domain controllers."""
_WELL_KNOWN = {
    "s-1-1-0": "Everyone",
    "s-1-5-7": "Anonymous",
    "s-1-5-9": "Enterprise Domain Controllers",
    "s-1-5-10": "Self",
    "s-1-5-11": "Authenticated Users",
    "s-1-5-18": "SYSTEM",
    "s-1-5-32-544": "Administrators",
    "s-1-3-0": "Creator Owner",
}
"""Microsoft Learn: Well-known SIDs."""


@dataclass(frozen=True, slots=True)
class Directory:
    """What the evidence says of a directory, by party; keys are lower case."""

    parties: Mapping[str, Party]
    members: Mapping[str, Mapping[str, Place]]
    """Group → direct members, each with the place that says so."""
    rights: tuple[Right, ...] = ()
    roles: tuple[Role, ...] = ()
    mailbox_rights: tuple[MailboxRight, ...] = ()
    tokens: tuple[Token, ...] = ()
    runs: tuple[Runs, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    primary: frozenset[tuple[str, str]] = frozenset()
    """Group and member where it is the member's primary group, and not the usual one."""
    spelled: Mapping[str, str] = field(default_factory=dict)
    """How the evidence writes a reference of which it says nothing else."""

    def key(self, reference: str) -> str:
        """The party that a reference means; the reference itself if nothing is known of it."""
        folded = _folded(reference)
        found = self.aliases.get(folded)
        if found is not None or folded.startswith("s-1-"):
            return found or folded
        return self.aliases.get(bare_name(folded)) or folded

    def who(self, reference: str) -> str:
        """As `key`; of an account of which nothing is known the bare name, as logs vary."""
        key = self.key(reference)
        return key if key in self.parties else bare_name(reference)

    def name(self, key: str) -> str:
        """The party's name for people."""
        party = self.parties.get(key)
        shown = party.name or party.dn if party is not None else ""
        unnamed = key.upper() if key.startswith("s-1-") else key
        return shown or _WELL_KNOWN.get(_bare_sid(key)) or self.spelled.get(key, unnamed)

    def sid(self, key: str) -> str:
        """The SID, "" if none is known; the name of a server stays before it, a domain's not."""
        party = self.parties.get(key)
        sid = party.sid if party is not None and party.sid else key
        return sid if _OF_SERVER.match(sid) else _bare_sid(sid)


def assemble(facts: Iterable[Fact]) -> Directory:
    """Put the facts of all evidence together."""
    listed = list(facts)
    parties, aliases = _parties(one for one in listed if isinstance(one, Party))
    named = Directory(parties, {}, aliases=aliases)
    members: dict[str, dict[str, Place]] = {}
    spelled: dict[str, str] = {}
    primary: set[tuple[str, str]] = set()
    for one in listed:
        if isinstance(one, Membership):
            group, member = named.key(one.group), named.key(one.member)
            if one.primary and not one.group.endswith(_USUAL_PRIMARY):
                primary.add((group, member))
            members.setdefault(group, {}).setdefault(member, one.place)
            spelled.setdefault(group, one.group)
            spelled.setdefault(member, one.member)
    return Directory(
        parties=parties,
        members=members,
        rights=_rights(listed, named, members),
        roles=tuple(_once(one for one in listed if isinstance(one, Role))),
        mailbox_rights=tuple(
            effective_rights.on_mailboxes(
                _once(one for one in listed if isinstance(one, MailboxRight)), named.key, members
            )
        ),
        tokens=tuple(one for one in listed if isinstance(one, Token)),
        runs=tuple(_once(one for one in listed if isinstance(one, Runs))),
        aliases=aliases,
        primary=frozenset(primary),
        spelled=spelled,
    )


def _once(found: Iterable[Said]) -> Iterator[Said]:
    """What several files say alike only once: every server of Exchange tells of all the others."""
    nowhere = Place("", 0)
    seen: set[Said] = set()
    for one in found:
        bare = replace(one, place=nowhere)
        if bare not in seen:
            seen.add(bare)
            yield one


def _rights(
    listed: Iterable[Fact], named: Directory, members: Mapping[str, Mapping[str, Place]]
) -> tuple[Right, ...]:
    """Rights that a tool has worked out, and those that entries of access lists give together."""
    told = [one for one in listed if isinstance(one, Right)]
    entries = [one for one in listed if isinstance(one, Entry)]
    return (
        *effective_rights.with_owners(told, entries, named.key),
        *effective_rights.of_entries(entries, named.key, members),
    )


def effective(directory: Directory, group: str) -> dict[str, tuple[str, ...]]:
    """Members of a group through nesting, each with the shortest path of groups to it.

    The path begins with the group and ends with the one that lists the member; groups are followed
    and are no members themselves, unless nothing is known to be in them. Cycles end. Paths of more
    than MAX_PATH groups have a GAP in the middle.
    """
    paths: dict[str, tuple[str, ...]] = {group: (group,)}
    waiting = deque([group])
    found: dict[str, tuple[str, ...]] = {}
    while waiting:
        current = waiting.popleft()
        for member in directory.members.get(current, ()):
            if member not in directory.members:
                found.setdefault(member, paths[current])
            elif member not in paths:
                paths[member] = _longer(paths[current], member)
                waiting.append(member)
    return found


def nested_groups(directory: Directory, group: str) -> set[str]:
    """The groups with members that are in a group, through nesting, too; not the group itself."""
    found = {group}
    waiting = [group]
    while waiting:
        inside = directory.members.get(waiting.pop(), {})
        deeper = [one for one in inside if one in directory.members and one not in found]
        found.update(deeper)
        waiting += deeper
    return found - {group}


def _longer(path: tuple[str, ...], group: str) -> tuple[str, ...]:
    """The path with one more step; of a very long one the middle is left out."""
    whole = (*path, group)
    if len(whole) <= MAX_PATH:
        return whole
    half = MAX_PATH // 2
    return (*whole[:half], GAP, *whole[-half:])


def _parties(found: Iterable[Party]) -> tuple[dict[str, Party], dict[str, str]]:
    """Merge what several files say of one party; every alias that means exactly one."""
    parties: dict[str, Party] = {}
    aliases: dict[str, str] = {}
    by_name: dict[str, set[str]] = {}
    waiting: list[Party] = []
    for one in found:
        if one.sid or one.dn:
            _take(one, parties, aliases, by_name)
        else:
            waiting.append(one)
    for one in waiting:
        known = by_name.get(_folded(one.name), set())
        if len(known) == 1:
            key = next(iter(known))
            parties[key] = _merged(parties[key], one)
        elif one.name:
            parties.setdefault(_folded(one.name), one)
    _add_domains(parties, aliases)
    for name, keys in by_name.items():
        if len(keys) == 1:
            aliases.setdefault(name, next(iter(keys)))
    return parties, aliases


def _add_domains(parties: dict[str, Party], aliases: dict[str, str]) -> None:
    """Make a party of each domain that the name of another lies in: rights may be on it."""
    for dn in {_domain_dn(one.dn): one for one in parties.values() if one.dn}:
        if dn and dn not in aliases:
            place = Place("", 0)
            domain = Party(place=place, dn=dn, domain=ldap_entry.domain_of(dn), kind=Kind.DOMAIN)
            _take(domain, parties, aliases, {})


def _domain_dn(dn: str) -> str:
    return ",".join(domain_parts(dn)).casefold()


def _take(
    one: Party, parties: dict[str, Party], aliases: dict[str, str], by_name: dict[str, set[str]]
) -> None:
    names = [_folded(name) for name in (one.sid, one.dn) if name]
    if _is_of_another_domain(one, parties.get(aliases.get(names[0], ""))):
        names = names[1:]
    known = [aliases[name] for name in names if name in aliases]
    key = known[0] if known else names[0]
    parties[key] = _merged(parties[key], one) if key in parties else one
    if len(set(known)) > 1:  # until now SID and name were taken for two parties
        other = parties.pop(known[1])
        parties[key] = _merged(parties[key], other)
        by_name.get(_folded(other.name), set()).discard(known[1])
        names += [_folded(name) for name in (other.sid, other.dn) if name]
    for name in names:
        aliases[name] = key
    if one.dn:
        aliases[_canonical(_folded(one.dn))] = key
    if one.name:
        by_name.setdefault(_folded(one.name), set()).add(key)


def _is_of_another_domain(one: Party, known: Party | None) -> bool:
    """Whether a built-in group is that of a second domain: its SID is taken, its name is not."""
    if known is None or not one.dn or not one.sid.upper().startswith(BUILTIN):
        return False
    return "" not in (one.domain, known.domain) and one.domain.lower() != known.domain.lower()


def _merged(first: Party, second: Party) -> Party:
    """What the first says, completed by the second; the later of two logons."""
    values = asdict(first)
    for name, value in asdict(second).items():
        if values[name] in (None, "", (), Kind.UNKNOWN):
            values[name] = value
    if first.last_logon is not None and second.last_logon is not None:
        values["last_logon"] = max(first.last_logon, second.last_logon)
    return replace(first, **values)


def _folded(text: str) -> str:
    return text.strip().casefold()


def _canonical(dn: str) -> str:
    """The name as Exchange writes it, `contoso.example/Staff/J Doe`, of a distinguished name."""
    named = domain_parts(dn)
    names = name_parts(dn)
    path = names[: len(names) - len(named)]
    return "/".join((".".join(part[3:] for part in named), *reversed(path)))


def _bare_sid(text: str) -> str:
    """A SID without the domain that SharpHound puts before well-known ones."""
    at = text.casefold().find("s-1-")
    return text[at:] if at >= 0 else ""


def groups_of(directory: Directory) -> Iterator[str]:
    """Every group that has members or is known as one, sorted."""
    known = {key for key, one in directory.parties.items() if one.kind is Kind.GROUP}
    yield from sorted(known | directory.members.keys())
