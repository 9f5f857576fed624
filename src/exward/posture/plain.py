"""Values as PowerShell writes them (docs/collector.md), made plain; what is no such value is None.

Everything that comes in is hostile and may be of any type.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# Newtonsoft's form, which ConvertTo-Json of Windows PowerShell uses: milliseconds, UTC; an offset
# says where it was written and changes nothing.
_JSON_DATE = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/")
_TRUTHS = {"true": True, "$true": True, "1": True, "false": False, "$false": False, "0": False}
# What ConvertTo-Json writes where -Depth ends: the text of the object instead of its members.
_CUT = re.compile(r"@\{.*\}|System\.[\w.]+(?:\[\])?|Microsoft\.[\w.]+\[\]", re.DOTALL)
_CUT_STARTS = ("@{", "System.", "Microsoft.")
_NUMBER = re.compile(r"-?\d{1,18}")
# ByteQuantifiedSize of Exchange: `36 MB (37,748,736 bytes)`, with the separators of any language.
_SIZE = re.compile(r"[^()]{1,40}\(([\d\s.,'’]{1,40}) bytes\)", re.IGNORECASE)
# TimeSpan of .NET: `90.00:00:00`, `-1.02:03:04.5000000`.
_SPAN = re.compile(r"(?:(\d{1,8})\.)?(\d{1,2}):\d{2}:\d{2}(?:\.\d{1,7})?")
_MAX_TEXTS = 10_000
_LIST_WRAPPER = {"value", "count"}


def listed(value: object) -> tuple[object, ...]:
    """The members of a list; a lone value is a list of one, null and `{}` are empty."""
    if value is None or value == {}:
        return ()
    if isinstance(value, list | tuple):
        return tuple(value)
    if isinstance(value, Mapping) and {str(key).lower() for key in value} == _LIST_WRAPPER:
        inner = next(held for key, held in value.items() if str(key).lower() == "value")
        if isinstance(inner, list | tuple):
            return tuple(inner)
    return (value,)


def text(value: object) -> str | None:
    """A text or number as text; None for objects, nothing, and what -Depth cut off."""
    if isinstance(value, str):
        is_cut = value.startswith(_CUT_STARTS) and _CUT.fullmatch(value) is not None
        return None if is_cut else value.strip()
    return str(value) if isinstance(value, int | float) else None


def truth(value: object) -> bool | None:
    """A truth value, also as text or as 0 and 1."""
    if isinstance(value, bool):
        return value
    written = text(value)
    return None if written is None else _TRUTHS.get(written.lower())


def number(value: object) -> int | None:
    """A whole number, also as text."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return int(value)
    return None


def size(value: object) -> int | None:
    """Bytes: a number, or Exchange's text `36 MB (37,748,736 bytes)`."""
    if isinstance(value, Mapping):
        return size(value.get("value", value.get("Value")))
    written = text(value)
    if written is not None and (match := _SIZE.fullmatch(written)) is not None:
        return number(re.sub(r"\D", "", match[1]))
    return number(value)


def days(value: object) -> int | None:
    """Whole days of a TimeSpan: `90.00:00:00`, or the object with its member `Days`."""
    if isinstance(value, Mapping):
        named = {str(name).lower(): part for name, part in value.items()}
        return number(named.get("days"))
    written = text(value)
    match = None if written is None else _SPAN.fullmatch(written)
    return None if match is None else int(match[1] or 0)


def moment(value: object) -> int | None:
    """A time as µs since 1970-01-01 UTC; ISO 8601 without an offset is UTC."""
    if isinstance(value, Mapping):
        return moment(value.get("value"))
    if not isinstance(value, str):
        return None
    if (date := _JSON_DATE.fullmatch(value.strip())) is not None:
        return int(date[1]) * 1000
    try:
        read = datetime.fromisoformat(value.strip())
        aware = read if read.tzinfo is not None else read.replace(tzinfo=UTC)
        return (aware - _EPOCH) // _MICROSECOND
    except (ValueError, OverflowError):
        return None


def texts(value: object) -> tuple[str, ...]:
    """The texts of a list; what is no text is left out."""
    found = (text(one) for one in listed(value)[:_MAX_TEXTS])
    return tuple(one for one in found if one is not None)
