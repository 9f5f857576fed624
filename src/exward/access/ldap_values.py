"""Values of an entry's attributes, from LDAP or LDIF, as text, numbers, times and SIDs.

Times are FILETIME (100 ns since 1601, 0 for never) or generalised time, both UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from exward.access import security_descriptor

Attributes = Mapping[str, Sequence[bytes]]
"""Names in lower case → values as stored."""

_EPOCH_1601_S = 11_644_473_600
_COMMA = re.compile(r"(?<!\\),")
_ESCAPED = re.compile(r"\\(.)")


def texts(attributes: Attributes, name: str) -> tuple[str, ...]:
    """All values."""
    return tuple(one.decode("utf-8", "replace") for one in attributes.get(name, ()))


def text(attributes: Attributes, name: str) -> str:
    """The first value, "" if there is none."""
    values = attributes.get(name, ())
    return values[0].decode("utf-8", "replace") if values else ""


def number(attributes: Attributes, name: str) -> int | None:
    """The first value as a number, None if it is none."""
    try:
        return int(text(attributes, name)[:24])
    except ValueError:
        return None


def sids(attributes: Attributes, name: str) -> Iterator[str]:
    """All values that are SIDs, stored or written."""
    for data in attributes.get(name, ()):
        try:
            yield security_descriptor.sid_text(data)
        except ValueError:
            written = data.decode("utf-8", "replace")
            if written.upper().startswith("S-1-"):
                yield written


def filetime(attributes: Attributes, name: str) -> int | None:
    """µs since 1970-01-01 UTC; 0 is never, None that there is no such time."""
    value = number(attributes, name)
    if value is None or value >= 1 << 62:
        return None
    return 0 if value <= 0 else value // 10 - _EPOCH_1601_S * 1_000_000


def general_time(attributes: Attributes, name: str) -> int | None:
    """µs since 1970-01-01 UTC of `20261126010203.0Z`, None if it is no time."""
    try:
        moment = datetime.strptime(text(attributes, name)[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(moment.timestamp()) * 1_000_000


def name_parts(dn: str) -> list[str]:
    """The values in a distinguished name, the object's own first, without what escapes them."""
    parts = (part.strip().partition("=")[2] for part in _COMMA.split(dn))
    return [_ESCAPED.sub(r"\1", part) for part in parts]


def containers(dn: str) -> Iterator[str]:
    """The distinguished names that an object lies in, the nearest first, without the domain's."""
    parts = _COMMA.split(dn)
    for at in range(1, len(parts)):
        if parts[at].strip()[:3].casefold() == "dc=":
            return
        yield ",".join(parts[at:])
