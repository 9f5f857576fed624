"""How strange a sign-in is for its account, by dimension, in bits; and what the account learns.

A new value is as strange as new values are rare: Witten and Bell's estimate (IEEE Transactions on
Information Theory 37(4), 1991, method C) with counts that fade, and with days that brought new
values in place of the values: what one search meets is met once. An hour is as strange as sign-ins
in that hour of the week, its neighbours and the same hour of like days are rare. One event has the
score of its worst dimension: the others neither add to it nor hide it.
"""

from __future__ import annotations

from math import log, log2
from zoneinfo import ZoneInfo

import msgspec

from exward.accounts.clock import HOUR_US, WEEK_HOURS, came_monthly, week_hour
from exward.accounts.logon import INTERACTIVE_TYPES, Logon
from exward.accounts.network import networks_left
from exward.accounts.profile import (
    DIMENSIONS,
    GAP_OCTAVES,
    HALF_LIFE_HOURS,
    MOST_VALUES,
    NOVELTY_HALF_LIFE_HOURS,
    ODD_HOURS,
    VALUE_CHARS,
    Dimension,
    Profile,
    Value,
    weight_at,
)

HOUR, VOLUME, BEACON = "hour", "volume", "beacon"
WARM_UP_HOURS = 14 * 24
"""A profile younger than this is learning: it says what it sees and raises no alarm."""
SELDOM = 0.5
"""An account with fewer hours a week than this has no normal hours, so none is strange."""
CAUTION = 0.25
"""A sign-in at an alarming hour, or much too soon, makes that normal only when it comes often."""
FORGOTTEN = 0.05
"""A value of less weight counts as new: it was not seen for more than four half-lives."""
USUAL_NEWS = (1.5, 1.1, 2.2, 1.5, 1.5, 1.5, 1.5)
"""So many days with something new, fading, make new values of each dimension usual: an address that
changes each week is no news, though new among thousands of sign-ins. Fewer of addresses, whose
networks tell as well; more of targets, as intruders look for these on more than one day.
"""
MOST_ODD_DAYS = 0.45
"""Where odd hours come on a larger share of the days with sign-ins, hours tell nothing."""
MIN_RUN = 4
"""So many new values on one day are strange if they are twice the most of a day before."""
ODD_BITS = 4.0
"""Hours that are so rare are kept, to be compared with those a month later."""
MOST_ODD = 3
"""With more unusual hours within two days before and after it, an hour was no job of the month."""
ACT_S = 5
"""Sign-ins that follow each other sooner are one act, or one that two logs tell."""
BEACON_HALF_LIFE_HOURS = 7 * 24
QUIET_BITS = 7.0
"""What one gap may be strange by without adding to the sum that shows slow beacons."""
ALARM_BITS = {
    **dict.fromkeys(DIMENSIONS, 4.5),
    HOUR: 5.0,
    VOLUME: 8.0,
    BEACON: 40.0,
}
"""From how many bits on a dimension raises an alarm: benchmarks/ACCOUNTS.md says what they cost."""
_NEVER = 0.05
"""Sign-ins that an hour without any is taken to have had."""
_WEEKEND = frozenset({0, 6})
_LIKE = tuple(
    tuple(
        day * 24 + place % 24
        for day in range(7)
        if day != place // 24 and (day in _WEEKEND) == (place // 24 in _WEEKEND)
    )
    for place in range(WEEK_HOURS)
)
"""For each hour of the week the same hour of the other working days, or of the other day off."""
_MIN_VOLUME = 12
_ADDRESS, _TYPE = DIMENSIONS.index("address"), DIMENSIONS.index("type")


class Strange(msgspec.Struct, frozen=True, gc=False):
    """One dimension in which a sign-in is strange: by how many bits, and what was there.

    `ago`: hours since this value was last seen, None if never. `usual`: for volumes, the number
    that is usual in the hour; for rhythm, of how many sign-ins one comes as soon after another;
    for new values, how many of them were new on this day.
    """

    dimension: str
    bits: float
    value: str
    ago: int | None = None
    usual: float = 0.0


def observe(profile: Profile, logon: Logon, zone: ZoneInfo) -> list[Strange]:
    """Say how strange a successful sign-in is, then learn it; sign-ins come in order of time."""
    hour = logon.time // HOUR_US
    weight = weight_at(profile, hour)
    found: list[Strange] = []
    if hour != profile.hour:
        found += _new_hour(profile, hour, weight, zone)
    found += _rhythm(profile, logon.time // 1_000_000, weight)
    profile.seen = logon.time
    profile.count += 1
    profile.events += 1
    if profile.count >= _MIN_VOLUME:
        found += _volume(profile, weight, zone)
    profile.volume[week_hour(hour, zone)] += weight
    for index, name in enumerate(DIMENSIONS):
        text = getattr(logon, name)
        if text:
            one = profile.dimensions[index]
            value = one.values.get(text)
            if value is not None and value.weight > FORGOTTEN * weight:
                value.weight += weight
                value.last = hour
                one.total += weight
            else:
                found.append(_new_value(one, index, text[:VALUE_CHARS], hour, weight))
    return found


def _new_value(one: Dimension, index: int, text: str, hour: int, weight: float) -> Strange:
    """Score a value that is new or forgotten, and keep it; the lightest goes if there are many."""
    old = one.values.get(text)
    faded = 2.0 ** ((one.since - hour) / NOVELTY_HALF_LIFE_HOURS)
    is_again = hour // 24 == one.since // 24
    one.news *= faded
    one.most = one.most * faded if is_again else max(one.most * faded, one.today)
    one.today = one.today + 1 if is_again else 1
    bits = log2((one.total / weight + one.news + 1.0) / (one.news + 1.0))
    networks = networks_left(text, one.values) if index == _ADDRESS else 0
    if networks:
        bits = max(bits, log2(one.total / weight / networks + 1.0))
    elif one.news - is_again >= USUAL_NEWS[index]:
        bits = 0.0
    if index == _TYPE and text in INTERACTIVE_TYPES:  # whatever else was new of late
        bits = max(bits, ALARM_BITS[DIMENSIONS[index]])
    if one.today >= MIN_RUN and one.today >= 2 * one.most:
        bits = max(bits, ALARM_BITS[DIMENSIONS[index]] + log2(one.today / MIN_RUN))
    one.news += not is_again
    one.since = hour
    one.total += weight
    if old is not None:
        ago = hour - old.last
        old.weight += weight
        old.last = hour
        return Strange(DIMENSIONS[index], bits, text, ago, one.today)
    if len(one.values) >= MOST_VALUES[index]:
        del one.values[min(one.values, key=lambda name: one.values[name].weight)]
    one.values[text] = Value(weight, hour, hour)
    return Strange(DIMENSIONS[index], bits, text, None, one.today)


def _new_hour(profile: Profile, hour: int, weight: float, zone: ZoneInfo) -> list[Strange]:
    before = profile.hour
    profile.hour, profile.count, profile.last = hour, 0, hour
    place = week_hour(hour, zone)
    bits = hour_bits(profile, place, hour, weight)
    usual = sum(profile.week) >= SELDOM * weight * remembered_weeks(profile, hour)
    usual = usual and profile.odd_days < MOST_ODD_DAYS * profile.days
    profile.days += 0.0 if hour // 24 == before // 24 else weight
    if bits >= ODD_BITS:
        is_first = not profile.odd or hour // 24 != profile.odd[-1] // 24
        profile.odd_days += weight if is_first else 0.0
        bits = 0.0 if _is_monthly(profile.odd, hour, zone) else bits
        profile.odd = [*profile.odd[1 - ODD_HOURS :], hour]
    found = [Strange(HOUR, bits, str(place))] if usual else []
    alarming = usual and bits >= ALARM_BITS[HOUR] and hour - profile.first >= WARM_UP_HOURS
    profile.week[place] += weight * CAUTION if alarming else weight
    return found


def _is_monthly(odd: list[int], hour: int, zone: ZoneInfo) -> bool:
    """Whether one of the unusual hours was a month before, and stood alone then."""
    return any(
        came_monthly(one, hour, zone) and sum(abs(one - other) <= 48 for other in odd) <= MOST_ODD
        for one in odd
    )


def hour_bits(profile: Profile, place: int, hour: int, weight: float) -> float:
    """How rare sign-ins are at this hour of the week, of the weeks that are remembered."""
    week, like = profile.week, _LIKE[place]
    seen = week[place] + (week[place - 1] + week[(place + 1) % WEEK_HOURS]) / 2
    seen += sum(week[other] for other in like) / 4
    chances = remembered_weeks(profile, hour) * (2 + len(like) / 4)
    return -log2(min(1.0, (seen / weight + _NEVER) / (chances + _NEVER)))


def remembered_weeks(profile: Profile, hour: int) -> float:
    """Weeks since the account was first seen, each weighing as its sign-ins do."""
    age: float = max(0, hour - profile.first) / HALF_LIFE_HOURS
    remembered: float = HALF_LIFE_HOURS / log(2.0) * (1.0 - 2.0**-age)
    return remembered / WEEK_HOURS


def _rhythm(profile: Profile, second: int, weight: float) -> list[Strange]:
    """A sum of sign-ins that come sooner after another than this account's rhythm explains.

    Something that signs in besides, from the same place to the same target, has nothing new about
    it: it only falls between the others. Gaps that are too long say nothing.
    """
    gaps, gap = profile.gaps, max(0, second - profile.previous)
    if gap < ACT_S:
        return []
    octave = min(GAP_OCTAVES - 1, gap.bit_length())
    profile.previous = second
    sooner = sum(gaps[: octave + 1]) / weight
    rarity = (sum(gaps) / weight + 1.0) / (sooner + 1.0)
    bits = log2(rarity)
    hour = second // 3600
    if bits <= QUIET_BITS:
        gaps[octave] += weight
        return []
    if hour == profile.crowded_hour:  # a restart, not a beacon, brings many at once
        return []
    gaps[octave] += weight * CAUTION
    faded = 2.0 ** ((profile.crowded_hour - hour) / BEACON_HALF_LIFE_HOURS)
    profile.crowded = profile.crowded * faded + bits - QUIET_BITS
    profile.crowded_hour = hour
    return [Strange(BEACON, profile.crowded, str(gap), None, rarity)]


def _volume(profile: Profile, weight: float, zone: ZoneInfo) -> list[Strange]:
    """More sign-ins in this hour than any like it explains (Poisson, on the usual busy hour)."""
    place = week_hour(profile.hour, zone)
    own = (profile.count - 1) * weight  # what this hour itself has brought so far
    hours = max(sum(profile.week) - weight, weight)
    here = max(
        (profile.volume[place] - own) / max(profile.week[place] - weight, weight),
        *(_per_hour(profile, (place + step) % WEEK_HOURS, weight) for step in (-1, 1)),
    )
    usual = max(1.0, (sum(profile.volume) - own) / hours, here)
    count = profile.count
    if count < 2 * usual:
        return []
    bits = (count * log2(count / usual) - (count - usual) / log(2.0)) / usual**0.5
    return [Strange(VOLUME, bits, str(count), None, usual)]


def _per_hour(profile: Profile, place: int, weight: float) -> float:
    """Sign-ins that an hour of the week has when it has any: a job is late, or clocks changed."""
    return profile.volume[place] / max(profile.week[place], weight)
