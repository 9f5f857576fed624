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
_PART = re.compile(r"(?:[^,\\]|\\.|\\\Z)+", re.DOTALL)
_ESCAPED = re.compile(r"((?:\\[0-9A-Fa-f]{2})+)|\\(.)", re.DOTALL)


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


def dn_parts(dn: str) -> list[str]:
    """A distinguished name at its commas, those that are part of a value apart (RFC 4514)."""
    found = _PART.findall(dn) if "\\" in dn else list(filter(None, dn.split(",")))
    return found or [dn]


def unescaped(part: str) -> str:
    """What a part of a distinguished name stands for; bytes are written as two hexadecimal digits.

    So Active Directory tells names that collided (`\\0ACNF:…`) and objects that were deleted.
    """
    return _ESCAPED.sub(_plain, part) if "\\" in part else part


def _plain(found: re.Match[str]) -> str:
    digits = found[1]
    if digits is None:
        return found[2]
    return bytes.fromhex(digits.replace("\\", "")).decode("utf-8", "replace")


def name_parts(dn: str) -> list[str]:
    """The values in a distinguished name, the object's own first, without what escapes them."""
    return [unescaped(part.strip().partition("=")[2]) for part in dn_parts(dn)]


def containers(dn: str) -> Iterator[str]:
    """The distinguished names that an object lies in, the nearest first, without the domain's."""
    parts = dn_parts(dn)
    for at in range(1, len(parts)):
        if _is_of_domain(parts[at]):
            return
        yield ",".join(parts[at:])


def domain_parts(dn: str) -> list[str]:
    """The parts at the end of a distinguished name that name its domain."""
    found = dn_parts(dn)
    at = len(found)
    while at and _is_of_domain(found[at - 1]):
        at -= 1
    return [part.strip() for part in found[at:]]


def _is_of_domain(part: str) -> bool:
    return part.strip()[:3].casefold() == "dc="
