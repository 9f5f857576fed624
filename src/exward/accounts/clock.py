"""Hours of the week in local time: Sunday 00:00 is 0, Saturday 23:00 is 167 (as AD counts them)."""

from __future__ import annotations

import calendar
import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
WEEK_HOURS = 168
DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_MARGIN_DAYS = 4
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


@lru_cache(maxsize=65_536)
def week_hour(hour: int, zone: ZoneInfo) -> int:
    """Hour of the local week that an hour since 1970-01-01 UTC begins in."""
    local = (_EPOCH + datetime.timedelta(hours=hour)).astimezone(zone)
    return local.isoweekday() % 7 * 24 + local.hour


def local_time(time: int, zone: ZoneInfo) -> datetime.datetime:
    """A time (µs since 1970-01-01 UTC) on the clock of the zone."""
    return (_EPOCH + datetime.timedelta(microseconds=time)).astimezone(zone)


def came_monthly(before: int, hour: int, zone: ZoneInfo) -> bool:
    """Whether an hour comes a month after another: at the same time of day, give or take an hour,
    on the same day of the month, counted from its begin or end, or four or five weeks later.

    Both are hours since 1970-01-01 UTC. At the ends of a month working days may move it by two.
    """
    if not 25 * 24 <= hour - before <= 38 * 24:
        return False
    old, new = (local_time(one * HOUR_US, zone) for one in (before, hour))
    if abs(old.hour - new.hour) > 1:
        return False
    if (new.date() - old.date()).days in {28, 35}:
        return True
    return any(
        first == second or (max(first, second) <= _MARGIN_DAYS and abs(first - second) <= 2)
        for first, second in ((old.day, new.day), (_to_end(old), _to_end(new)))
    )


def _to_end(day: datetime.datetime) -> int:
    """Days to the end of the month, the last day being 1."""
    return calendar.monthrange(day.year, day.month)[1] - day.day + 1
