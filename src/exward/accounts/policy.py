"""Accepted log-on windows: policy, not statistics, so each sign-in outside of one is told."""

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

Windows = Mapping[str, frozenset[int]]
"""Account → hours of the UTC week in which it may sign in."""


@dataclass(slots=True)
class Violation:
    """All sign-ins of one account outside of its window that succeeded, or all that failed."""

    account: str
    succeeded: bool
    count: int = 0
    first: int = 0
    last: int = 0
    places: list[Logon] = field(default_factory=list)


def load(data: bytes) -> Windows:
    """Windows by account, of a JSON object with the 21 bytes as hexadecimal digits.

    Raises ValueError that says what is wrong.
    """
    try:
        given = msgspec.json.decode(data, type=dict[str, str])
    except msgspec.MsgspecError as error:
        raise ValueError(f"not an object of accounts and logonHours: {error}") from error
    return {name.casefold(): unpack(bytes.fromhex(text)) for name, text in given.items()}


def dump(windows: Windows) -> bytes:
    """The file that `load` reads."""
    made = {name: pack(hours).hex() for name, hours in sorted(windows.items())}
    return msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n"


def week_hour_utc(time: int) -> int:
    """Hour of the UTC week, Sunday 00:00 being 0, of a time in µs since 1970-01-01 UTC."""
    return (time // HOUR_US - _SUNDAY) % WEEK_HOURS


def violations(logons: Iterable[Logon], windows: Windows) -> Iterator[Violation]:
    """Every account that signed in, or tried to, outside of its window; by account."""
    found: dict[tuple[str, bool], Violation] = {}
    for logon in logons:
        allowed = windows.get(logon.account)
        if allowed is None or week_hour_utc(logon.time) in allowed:
            continue
        key = logon.account, logon.succeeded
        one = found.get(key)
        if one is None:
            one = found[key] = Violation(*key, first=logon.time)
        one.count += 1
        one.last = logon.time
        if len(one.places) < MAX_PLACES:
            one.places.append(logon)
    for key in sorted(found):
        yield found[key]
