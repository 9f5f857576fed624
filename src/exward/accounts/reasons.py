"""What is strange about a sign-in, in numbers and words."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from exward.accounts.clock import DAYS, local_time
from exward.accounts.logon import INTERACTIVE_TYPES, Logon
from exward.accounts.model import BEACON, CAUTION, HOUR, VOLUME, Strange
from exward.accounts.profile import Profile, weight_at
from exward.accounts.window import normal_hours, ranges

MAX_NAMED = 5
RECENT_HOURS = 60 * 24
"""What was seen so lately is no longer known only because nobody was told of it then."""
TYPE_NAMES = {
    "2": "interactive",
    "3": "network",
    "4": "batch",
    "5": "service",
    "7": "unlock",
    "8": "network clear-text",
    "9": "new-credentials",
    "10": "remote interactive",
    "11": "cached interactive",
    "12": "cached remote interactive",
    "13": "cached unlock",
}
"""Logon types (Microsoft Learn, event 4624)."""
_NAMES = {
    "source_host": "source host",
    "address": "source",
    "target": "target",
    "package": "authentication package",
    "process": "process",
    "client": "client application",
}


def reason(one: Strange, profile: Profile, logon: Logon, zone: ZoneInfo) -> str:
    """One clause, such as `source 10.9.0.66 never seen in 78 days`."""
    if one.dimension == HOUR:
        return _hour(profile, logon.time, zone)
    if one.dimension == VOLUME:
        return f"{one.value} sign-ins in one hour, usual are {one.usual:,.0f}"
    if one.dimension == BEACON:
        return (
            f"signed in {_gap(int(one.value))} after the sign-in before: only 1 in "
            f"{one.usual:,.0f} came so soon, and more like it came in the days before"
        )
    since = profile.last - profile.first if one.ago is None else one.ago
    if one.dimension == "type":
        kind = TYPE_NAMES.get(one.value, f"type-{one.value}")
        kind = "interactive" if one.value == "2" else kind
        first = "first" if one.value in INTERACTIVE_TYPES or one.ago is None else "a"
        return f"{first} {kind} logon in {_days(since)}"
    name = _NAMES[one.dimension]
    if one.ago is None:
        return f"{name} {one.value} never seen in {_days(since)} ({profile.events:,} sign-ins)"
    if one.ago < RECENT_HOURS:
        return f"{name} {one.value}, new {_days(since)} ago, again"
    return f"{name} {one.value} not seen for {_days(since)}"


def more(dimension: str, others: Sequence[str]) -> str:
    """The other values that were as strange, such as `, and 3 more: ex07, ex08, ex09`."""
    if not others or dimension in {VOLUME, BEACON, "type"}:
        return ""
    told = [_week_hour(int(one)) for one in others] if dimension == HOUR else list(others)
    named = ", ".join(told[:MAX_NAMED])
    return f", and {len(told)} more: {named}" + (" …" if len(told) > MAX_NAMED else "")


def _week_hour(place: int) -> str:
    return f"{DAYS[place // 24][:3]} {place % 24:02}:00"


def _gap(seconds: int) -> str:
    return f"{seconds:,} seconds" if seconds < 120 else f"{seconds / 60:,.0f} minutes"


def _hour(profile: Profile, time: int, zone: ZoneInfo) -> str:
    local = local_time(time, zone)
    day = local.isoweekday() % 7
    usual = ranges(_before(profile, day * 24 + local.hour), day)
    window = f"normal window {usual}" if usual else f"none is normal on a {DAYS[day]}"
    clock = "" if zone.key == "UTC" else f" {local:%Z}"
    return f"{local:%H:%M}{clock} on a {DAYS[day]}, {window}"


def _before(profile: Profile, place: int) -> frozenset[int]:
    """The normal hours as they were before the last sign-in, which was at this one."""
    weight = weight_at(profile, profile.last) * CAUTION
    profile.week[place] -= weight
    hours = normal_hours(profile)
    profile.week[place] += weight
    return hours


def _days(hours: int) -> str:
    days = max(1, round(hours / 24))
    return f"{days:,} day" if days == 1 else f"{days:,} days"
