"""Active Directory's `logonHours`.

21 bytes, bit i (least significant first) stands for hour i of the week in UTC, Sunday 00:00 being 0
([MS-ADTS] 2.2.23 names the attribute's layout; a live AD enforces it so).
"""

from __future__ import annotations

import datetime
from collections.abc import Set as AbstractSet
from zoneinfo import ZoneInfo

from exward.accounts.clock import WEEK_HOURS


def offsets(zone: ZoneInfo, year: int) -> tuple[int, ...]:
    """Minutes that the zone is ahead of UTC in that year, rising: two where DST is kept."""
    start = datetime.datetime(year, 1, 1, tzinfo=datetime.UTC)
    days = (start + datetime.timedelta(days=day) for day in range(366))
    found = {day.astimezone(zone).utcoffset() for day in days}
    return tuple(sorted(int(one.total_seconds()) // 60 for one in found if one is not None))


def to_utc(hours: AbstractSet[int], ahead: AbstractSet[int] | tuple[int, ...]) -> frozenset[int]:
    """Hours of the UTC week that hours of the local week fall in, with each of the offsets."""
    return frozenset(
        (hour * 60 - minutes + late) // 60 % WEEK_HOURS
        for hour in hours
        for minutes in ahead
        for late in (0, 59)
    )


def to_local(hours: AbstractSet[int], minutes: int) -> frozenset[int]:
    """Hours of the local week that begin in hours of the UTC week, so many minutes ahead of it."""
    return frozenset(
        place for place in range(WEEK_HOURS) if (place * 60 - minutes) // 60 % WEEK_HOURS in hours
    )


def pack(hours: AbstractSet[int]) -> bytes:
    """The 21 bytes for hours of the UTC week."""
    made = bytearray(WEEK_HOURS // 8)
    for hour in hours:
        made[hour // 8] |= 1 << hour % 8
    return bytes(made)


def unpack(value: bytes) -> frozenset[int]:
    """Hours of the UTC week that the bytes allow; raises ValueError unless there are 21."""
    if len(value) != WEEK_HOURS // 8:
        raise ValueError(f"logonHours has {len(value)} bytes, not {WEEK_HOURS // 8}")
    return frozenset(hour for hour in range(WEEK_HOURS) if value[hour // 8] >> hour % 8 & 1)
