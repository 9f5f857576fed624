"""Hours of the week in local time: Sunday 00:00 is 0, Saturday 23:00 is 167 (as AD counts them)."""

from __future__ import annotations

import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
WEEK_HOURS = 168
DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


@lru_cache(maxsize=65_536)
def week_hour(hour: int, zone: ZoneInfo) -> int:
    """Hour of the local week that an hour since 1970-01-01 UTC begins in."""
    local = (_EPOCH + datetime.timedelta(hours=hour)).astimezone(zone)
    return local.isoweekday() % 7 * 24 + local.hour


def local_time(time: int, zone: ZoneInfo) -> datetime.datetime:
    """A time (µs since 1970-01-01 UTC) on the clock of the zone."""
    return (_EPOCH + datetime.timedelta(microseconds=time)).astimezone(zone)
