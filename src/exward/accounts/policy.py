"""Accepted hours and hosts: policy, not statistics, so each sign-in outside of them is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from exward.accounts.clock import HOUR_US, WEEK_HOURS
from exward.accounts.logon import Logon
from exward.accounts.logon_hours import pack, unpack

MAX_PLACES = 100
_SUNDAY = 3 * 24
"""1970-01-01 was a Thursday; the third midnight after it began a Sunday (UTC)."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """Hours of the UTC week in which an account may sign in, and from which hosts ("Log on to", in
    lower case; none: from any).
    """

    hours: frozenset[int]
    hosts: frozenset[str] = frozenset()


Windows = Mapping[str, Accepted]
"""What is accepted, by account."""


class _Kept(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The same in the file: the 21 bytes as hexadecimal digits."""

    hours: str
    hosts: tuple[str, ...] = ()


@dataclass(slots=True)
class Violation:
    """All sign-ins of one account at other hours, or else (`by_host`) from other hosts, that
    succeeded, or all that failed.
    """

    account: str
    by_host: bool
    succeeded: bool
    count: int = 0
    first: int = 0
    last: int = 0
    places: list[Logon] = field(default_factory=list)


def load(data: bytes) -> Windows:
    """What is accepted by account, of a JSON object; hours alone may stand without a name.

    Raises ValueError that says what is wrong.
    """
    try:
        given = msgspec.json.decode(data, type=dict[str, _Kept | str])
    except msgspec.MsgspecError as error:
        raise ValueError(f"not an object of accounts and logonHours: {error}") from error
    return {name.casefold(): _accepted(kept) for name, kept in given.items()}


def _accepted(kept: _Kept | str) -> Accepted:
    one = _Kept(kept) if isinstance(kept, str) else kept
    hosts = frozenset(host.casefold() for host in one.hosts)
    return Accepted(unpack(bytes.fromhex(one.hours)), hosts)


def dump(windows: Windows) -> bytes:
    """The file that `load` reads."""
    made = {
        name: _Kept(pack(one.hours).hex(), tuple(sorted(one.hosts)))
        for name, one in sorted(windows.items())
    }
    return msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n"


def week_hour_utc(time: int) -> int:
    """Hour of the UTC week, Sunday 00:00 being 0, of a time in µs since 1970-01-01 UTC."""
    return (time // HOUR_US - _SUNDAY) % WEEK_HOURS


def violations(logons: Iterable[Logon], windows: Windows) -> Iterator[Violation]:
    """Every account that signed in, or tried to, outside of what is accepted; by account."""
    found: dict[tuple[str, bool, bool], Violation] = {}
    for logon in logons:
        accepted = windows.get(logon.account)
        if accepted is None:
            continue
        for by_host in _broken(logon, accepted):
            key = logon.account, by_host, logon.succeeded
            one = found.setdefault(key, Violation(*key, first=logon.time))
            one.count += 1
            one.last = logon.time
            if len(one.places) < MAX_PLACES:
                one.places.append(logon)
    for key in sorted(found):
        yield found[key]


def _broken(logon: Logon, accepted: Accepted) -> Iterator[bool]:
    """False if it is at another hour, True if from another host; events that name none are in."""
    if week_hour_utc(logon.time) not in accepted.hours:
        yield False
    if accepted.hosts and logon.source_host and logon.source_host not in accepted.hosts:
        yield True
