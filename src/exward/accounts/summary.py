"""A profile as people read it."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from exward.accounts.clock import HOUR_US
from exward.accounts.model import WARM_UP_HOURS, remembered_weeks
from exward.accounts.profile import DIMENSIONS, Profile, weight_at
from exward.accounts.reasons import TYPE_NAMES
from exward.accounts.window import normal_hours, words
from exward.model.service_account import Seen, ServiceAccount

MOST = 10


def summary(
    profile: Profile, kind: tuple[str, tuple[str, ...]], zone: ZoneInfo, anomalies: int
) -> ServiceAccount:
    """What the reports show of an account; `kind` is what `kinds.kind_of` says."""
    return ServiceAccount(
        account=profile.account,
        account_kind=kind[0],
        told_by=kind[1],
        first=profile.first * HOUR_US,
        last=profile.last * HOUR_US,
        sign_ins=profile.events,
        learning=is_learning(profile),
        zone=zone.key or "UTC",
        window=words(normal_hours(profile, seen_only=True)),
        sources=_most(profile, "address") or _most(profile, "source_host"),
        targets=_most(profile, "target"),
        week=_week(profile),
        anomalies=anomalies,
        seen=tuple(_seen(profile)),
    )


def is_learning(profile: Profile) -> bool:
    """Whether the account was known for too short a time to raise alarms."""
    return profile.last - profile.first < WARM_UP_HOURS


def _most(profile: Profile, name: str) -> tuple[str, ...]:
    values = profile.dimensions[DIMENSIONS.index(name)].values
    ranked = sorted(values, key=lambda value: (-values[value].weight, value))
    return tuple(ranked[:MOST])


def _seen(profile: Profile) -> Iterator[Seen]:
    for name, one in zip(DIMENSIONS, profile.dimensions, strict=True):
        for value in _most(profile, name):
            kept = one.values[value]
            share = round(100 * kept.weight / one.total) if one.total > 0.0 else 0
            said = TYPE_NAMES.get(value, "") if name == "type" else ""
            shown = f"{value} ({said})" if said else value
            yield Seen(name, shown, kept.first * HOUR_US, kept.last * HOUR_US, min(100, share))


def _week(profile: Profile) -> tuple[int, ...]:
    weight = weight_at(profile, profile.last)
    weeks = max(1.0, remembered_weeks(profile, profile.last)) * weight
    return tuple(min(100, round(100 * one / weeks)) for one in profile.week)
