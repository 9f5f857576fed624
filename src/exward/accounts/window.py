"""When an account normally signs in, as hours of the local week and in words."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from exward.accounts.clock import DAYS, WEEK_HOURS
from exward.accounts.model import ALARM_BITS, HOUR, hour_bits
from exward.accounts.profile import Profile, weight_at

_MONDAY_FIRST = (1, 2, 3, 4, 5, 6, 0)


def normal_hours(profile: Profile, *, seen_only: bool = False) -> frozenset[int]:
    """Hours of the local week in which a sign-in raises no alarm.

    `seen_only`: of these only such as had a sign-in, and no neighbours.
    """
    weight = weight_at(profile, profile.last)
    return frozenset(
        place
        for place in range(WEEK_HOURS)
        if (not seen_only or profile.week[place] > 0.0)
        and hour_bits(profile, place, profile.last, weight) < ALARM_BITS[HOUR]
    )


def widened(hours: AbstractSet[int], margin: int) -> frozenset[int]:
    """The hours and `margin` hours before and after each."""
    steps = range(-margin, margin + 1)
    return frozenset((hour + step) % WEEK_HOURS for hour in hours for step in steps)


def ranges(hours: AbstractSet[int], day: int) -> str:
    """The hours of one day (0 is Sunday): `06:00–20:00, 22:00–23:00`; "" for none."""
    return ", ".join(f"{start:02}:00–{end:02}:00" for start, end in _spans(hours, day))


def words(hours: AbstractSet[int]) -> str:
    """The whole week: `Mon–Fri 06:00–20:00; Sun 02:00–03:00`."""
    if len(hours) == WEEK_HOURS:
        return "at all hours"
    groups: list[tuple[list[int], str]] = []
    for day in _MONDAY_FIRST:
        said = ranges(hours, day)
        if groups and groups[-1][1] == said:
            groups[-1][0].append(day)
        else:
            groups.append(([day], said))
    return "; ".join(f"{_days(days)} {said}" for days, said in groups if said) or "no regular hours"


def _days(days: list[int]) -> str:
    first, last = DAYS[days[0]][:3], DAYS[days[-1]][:3]
    return first if len(days) == 1 else f"{first}–{last}"


def _spans(hours: AbstractSet[int], day: int) -> Iterator[tuple[int, int]]:
    start = None
    for hour in range(25):
        inside = hour < 24 and day * 24 + hour in hours
        if inside and start is None:
            start = hour
        elif not inside and start is not None:
            yield start, hour
            start = None
