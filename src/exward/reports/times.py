"""Times as text: µs since 1970-01-01 UTC to ISO 8601 and back, for every whole number.

Forged records carry times that `datetime` cannot hold (a Windows FILETIME reaches the year
60056). The Gregorian calendar repeats every 400 years, so a year outside of 0 to 9999 is moved
by cycles and written in ISO 8601's expanded form, with a sign and at least six digits.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CYCLE_YEARS = 400
_CYCLE_US = 146_097 * 86_400 * 1_000_000
"""146,097 days are 400 Gregorian years (ISO 8601:2004, 3.2.1)."""

_ISO = re.compile(r"(\d{4}|[+-]\d{6,15})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d{6})Z", re.ASCII)
TOOL_FIRST, TOOL_LAST = -(2**63) // 1000 + 1, 2**63 // 1000 - 1
"""What fits nanoseconds in 64 bits (1677 to 2262), as pandas and Elasticsearch keep times."""


def iso(time: int | None) -> str | None:
    """µs UTC as `2026-01-05T02:14:09.123456Z`; None stays None."""
    if time is None:
        return None
    cycles, rest = divmod(time, _CYCLE_US)
    moment = _EPOCH + timedelta(microseconds=rest)
    year = moment.year + cycles * _CYCLE_YEARS
    digits = f"{year:04d}" if 0 <= year <= 9999 else f"{year:+07d}"
    return f"{digits}-{moment:%m-%dT%H:%M:%S.%f}Z"


def micros(text: str) -> int:
    """µs UTC of a text that `iso` wrote; raises ValueError for every other one."""
    match = _ISO.fullmatch(text)
    if match is None:
        raise ValueError("not a time like 2026-01-05T02:14:09.123456Z")
    year, *rest = (int(part) for part in match.groups())
    cycles = (year - _EPOCH.year) // _CYCLE_YEARS
    month, day, hour, minute, second, micro = rest
    moment = datetime(
        year - cycles * _CYCLE_YEARS, month, day, hour, minute, second, micro, tzinfo=UTC
    )
    return (moment - _EPOCH) // timedelta(microseconds=1) + cycles * _CYCLE_US


def tool_time(time: int | None) -> str | None:
    """As `iso`, but None for a time that the tools which read our output would refuse."""
    if time is None or not TOOL_FIRST <= time <= TOOL_LAST:
        return None
    return iso(time)
