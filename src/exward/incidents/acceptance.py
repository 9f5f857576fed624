"""Accepted risks: which findings an entry of the user covers, and how each entry fared.

An entry covers single records, never a whole finding by one of its records: account, address and
field values are compared while records are read (`covers_record`), so that a foreign act cannot
hide in a finding that was accepted. Only the server's name is compared afterwards, when all
evidence has told what it is.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from functools import lru_cache
from ipaddress import ip_network

import msgspec

from exward.incidents.addresses import parse_address
from exward.model.acceptance import Acceptance, Standing
from exward.model.finding import Finding
from exward.rules.folding import fold
from exward.rules.glob import matcher
from exward.rules.ir import QUESTION, STAR

_WILDCARDS = {"*": STAR, "?": QUESTION}
_TOKEN = re.compile(r"[*?]|[^*?]+", re.DOTALL)

Texts = Callable[[str], Sequence[str]]
"""Field name → its values as text; none if the record has no such field."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One accepted risk: what (rule), where (the conditions, all of which hold), why, who, until.

    Conditions that are "" or empty hold always. `server`, `account` and the values of `fields`
    may hold `*` and `?`; case does not matter. `source_ip` is an address or a network. `until` is
    the last day on which the entry holds (UTC), None for no end.
    """

    id: str
    rule: str
    why: str
    who: str
    until: datetime.date | None
    server: str = ""
    account: str = ""
    source_ip: str = ""
    fields: Mapping[str, str] = {}
    where: str = ""


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """Another level for one rule."""

    id: str
    rule: str
    level: str
    why: str
    who: str
    where: str = ""


class Tuning(msgspec.Struct, frozen=True):
    """All that a file of accepted risks says."""

    entries: tuple[Entry, ...] = ()
    levels: tuple[Level, ...] = ()


def is_expired(entry: Entry, today: datetime.date) -> bool:
    """Whether the last day of the entry is over."""
    return entry.until is not None and entry.until < today


def covers_record(entry: Entry, account: str, address: str, texts: Texts) -> bool:
    """Whether a record by this account from this address has what the entry asks for."""
    return (
        _fits(entry.account, account)
        and _is_from(entry.source_ip, address)
        and all(any(_fits(want, text) for text in texts(name)) for name, want in _wanted(entry))
    )


def covers_finding(entry: Entry, finding: Finding) -> bool:
    """As `covers_record`, for a finding that was not made of single records of one rule.

    Each of its places has to show the fields that the entry asks for.
    """
    shown = bool(finding.evidence) or not entry.fields
    return (
        _is_about(entry, finding)
        and shown
        and all(_covers_place(entry, place.fields) for place in finding.evidence)
    )


def _is_about(entry: Entry, finding: Finding) -> bool:
    """Whether all but the fields fits."""
    return (
        entry.rule == finding.rule
        and _fits(entry.account, finding.account)
        and _is_from(entry.source_ip, finding.source_ip)
    )


def _covers_place(entry: Entry, fields: Mapping[str, str]) -> bool:
    return all(_fits(want, fields.get(name, "")) for name, want in _wanted(entry))


def _together(entries: Iterable[Entry], finding: Finding, today: datetime.date) -> list[Entry]:
    """The entries in force that cover a finding place by place, each at least one; none if a place
    is left, or not all are shown.
    """
    known = [
        one
        for one in entries
        if one.fields
        and not is_expired(one, today)
        and _is_about(one, finding)
        and covers_server(one, finding.server)
    ]
    used: dict[str, Entry] = {}
    for place in finding.evidence:
        fitting = [one for one in known if _covers_place(one, place.fields)]
        if not fitting:
            return []
        used.setdefault(fitting[0].id, fitting[0])
    return list(used.values()) if finding.count <= len(finding.evidence) else []


def covers_server(entry: Entry, server: str) -> bool:
    """Whether the entry means this server: by its full name or by the name before the first dot."""
    return _fits(entry.server, server) or _fits(entry.server, server.partition(".")[0])


def apply(
    findings: Iterable[Finding],
    tuning: Tuning,
    candidates: Mapping[str, Sequence[str]],
    today: datetime.date,
) -> tuple[tuple[Finding, ...], tuple[Acceptance, ...]]:
    """Mark the accepted findings, and say how each entry fared.

    `candidates` names for the finding ids that records were compared for the ids of the entries
    that cover every record; other findings are compared here. The first entry that holds counts.
    """
    used: Counter[str] = Counter()
    marked = []
    for finding in findings:
        covering = [one for one in tuning.entries if _covers(one, finding, candidates)]
        if not covering and finding.id not in candidates:
            covering = _together(tuning.entries, finding, today)
        used.update(one.id for one in covering)
        valid = [one for one in covering if not is_expired(one, today)]
        marked.append(replace(finding, accepted=_note(valid[0])) if valid else finding)
    return tuple(marked), tuple(_fared(one, used[one.id], today) for one in tuning.entries)


def changed_levels(tuning: Tuning, known_rules: Set[str]) -> tuple[Acceptance, ...]:
    """The changed levels, as acceptances; those of rules that are not loaded are unused."""
    return tuple(
        Acceptance(
            entry=one.id,
            what=f"level {one.level} for rule {one.rule}",
            why=one.why,
            who=one.who,
            until="",
            standing=Standing.USED if one.rule in known_rules else Standing.UNUSED,
            findings=0,
            where=one.where,
        )
        for one in tuning.levels
    )


def _covers(entry: Entry, finding: Finding, candidates: Mapping[str, Sequence[str]]) -> bool:
    known = candidates.get(finding.id)
    covered = covers_finding(entry, finding) if known is None else entry.id in known
    return covered and covers_server(entry, finding.server)


def _note(entry: Entry) -> str:
    until = f", until {entry.until.isoformat()}" if entry.until is not None else ""
    return f"accepted by {entry.who}{until}: {entry.why} ({entry.id})"


def _fared(entry: Entry, findings: int, today: datetime.date) -> Acceptance:
    standing = Standing.USED if findings else Standing.UNUSED
    return Acceptance(
        entry=entry.id,
        what=_what(entry),
        why=entry.why,
        who=entry.who,
        until="" if entry.until is None else entry.until.isoformat(),
        standing=Standing.EXPIRED if is_expired(entry, today) else standing,
        findings=findings,
        where=entry.where,
    )


def _what(entry: Entry) -> str:
    conditions = {
        "server": entry.server,
        "account": entry.account,
        "source_ip": entry.source_ip,
        **entry.fields,
    }
    shown = ", ".join(f"{name} {value}" for name, value in conditions.items() if value)
    return f"rule {entry.rule}" + (f" with {shown}" if shown else "")


def _wanted(entry: Entry) -> Iterable[tuple[str, str]]:
    return entry.fields.items()


def _fits(pattern: str, text: str) -> bool:
    return not pattern or _test(pattern)(fold(text))


def _is_from(network: str, text: str) -> bool:
    if not network:
        return True
    address = parse_address(text)
    if address is None:
        return False
    wanted = ip_network(network, strict=False)
    return address.version == wanted.version and address in wanted


@lru_cache(maxsize=4096)
def _test(pattern: str) -> Callable[[str], bool]:
    return matcher(tuple(_WILDCARDS.get(token, token) for token in _TOKEN.findall(fold(pattern))))
