"""Which anomalies become alerts: what is slight waits for its turn, or for company.

An administrator reads an alert a month about an account, not one a week. What can be an intruder by
itself is told at once. One odd hour, one visit to a new target or one busy hour is told if the
account was quiet before, if it comes again, or beside something worse; if many accounts have it at
one time, once for all. docs/accounts.md says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from exward.accounts.clock import DAY_US, HOUR_US
from exward.accounts.model import BEACON, HOUR, VOLUME
from exward.accounts.profile import DIMENSIONS, MOST_HELD, Profile
from exward.accounts.watch import Anomaly

AROUND_US = 14 * DAY_US
"""What is slight belongs to what is not within so long before or after it."""
DEBT_HALF_LIFE_HOURS = 30 * 24
"""After so long an alert counts half against the next slight one."""
MOST_DEBT = 0.35
"""Of alerts told before, fading, with which something slight is told: one, 46 days ago."""
PATTERN = 3
"""So many days with something slight within two weeks are no slight matter."""
MANY_TARGETS = 4
"""So many new targets on one day are a search, not a visit."""
MIN_WAVE = 5
WAVE_SHARE = 0.2
"""So many accounts, and this share of all, that are strange alike at one time have one cause."""
_WAVES = (
    (frozenset({HOUR, VOLUME}), 4 * HOUR_US),
    (frozenset({"target"}), DAY_US),
)
"""In what accounts can be strange together, and within which time."""
_SECONDARY = frozenset({HOUR, VOLUME, BEACON, "package", "process", "client"})
_SOURCES = frozenset({"address", "source_host"})
_TARGET = DIMENSIONS.index("target")


@dataclass(slots=True)
class Case:
    """One alert of one account: its worst anomaly, and the slight ones of the weeks around it."""

    anomaly: Anomaly
    around: list[Anomaly] = field(default_factory=list)
    is_strong: bool = True


@dataclass(frozen=True, slots=True)
class Wave:
    """Accounts that were strange alike at one time: a restart, patches, servers with new names.

    `dimensions`: in what at most. Times are µs since 1970-01-01 UTC.
    """

    dimensions: frozenset[str]
    first: int
    last: int
    anomalies: tuple[Anomaly, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What is told, and by account what was too slight for an alert."""

    cases: dict[str, list[Case]]
    waves: tuple[Wave, ...]
    held: dict[str, list[Anomaly]]


def told(anomalies: Mapping[str, Sequence[Anomaly]], profiles: Mapping[str, Profile]) -> Told:
    """Sort the anomalies of some accounts into alerts, waves, and what waits.

    What was told and what waits is kept in the profiles, for the next run: call it once.
    """
    found = tuple(_waves(anomalies, len(profiles)))
    in_waves = {id(one) for wave in found for one in wave.anomalies}
    cases: dict[str, list[Case]] = {}
    held: dict[str, list[Anomaly]] = {}
    for account, own in anomalies.items():
        left = [one for one in own if id(one) not in in_waves]
        cases[account], held[account] = _budgeted(
            _cases(left, profiles[account]), profiles[account]
        )
    return Told(cases, found, held)


def _cases(own: Sequence[Anomaly], profile: Profile) -> list[Case]:
    """All cases of an account, those with only slight anomalies as well, in order of time."""
    strong: list[Case] = []
    beacon: Case | None = None
    slight: list[Anomaly] = []
    for one in own:
        is_new_beacon = BEACON in one.reasons and _begins(one, profile)
        if is_new_beacon or _is_strong(one, profile):
            strong.append(Case(one))
            beacon = strong[-1] if is_new_beacon else beacon
        elif beacon is not None and one.reasons.keys() == {BEACON}:
            beacon.around.append(one)  # the same is still going on
        else:
            slight.append(one)
    groups: list[Case] = []
    for one in slight:
        near = [case for case in strong if abs(case.anomaly.first - one.first) <= AROUND_US]
        if near:
            nearest = min(near, key=lambda case: abs(case.anomaly.first - one.first))
            nearest.around.append(one)
        elif groups and one.first - groups[-1].anomaly.first <= AROUND_US:
            groups[-1].around.append(one)
        else:
            groups.append(Case(one, is_strong=False))
    return sorted([*strong, *map(_ranked, groups)], key=lambda case: case.anomaly.first)


def _begins(one: Anomaly, profile: Profile) -> bool:
    """Whether a slow beacon is another one than the last, which is then forgotten."""
    before, profile.beaconed = profile.beaconed, one.last // HOUR_US
    return (one.first // HOUR_US - before) * HOUR_US > AROUND_US


def _ranked(group: Case) -> Case:
    """The same with the worst first."""
    worst, *rest = sorted((group.anomaly, *group.around), key=lambda one: -one.score)
    return Case(worst, sorted(rest, key=lambda one: one.first), is_strong=False)


def _is_strong(one: Anomaly, profile: Profile) -> bool:
    """Whether an anomaly can be an intruder by itself."""
    if one.is_interactive() or one.reasons.keys() & _SOURCES:
        return True
    primary = one.reasons.keys() - _SECONDARY
    if primary and len(one.reasons) > 2:
        return True
    return "target" in primary and _targets_matter(one, profile)


def _targets_matter(one: Anomaly, profile: Profile) -> bool:
    """Whether there are many new targets, or one of them was visited again later."""
    values = profile.dimensions[_TARGET].values
    known = [values[name] for name in one.values["target"] if name in values]
    return one.targets >= MANY_TARGETS or any(value.last > value.first + 1 for value in known)


def _budgeted(cases: Sequence[Case], profile: Profile) -> tuple[list[Case], list[Anomaly]]:
    """The cases that are told, and the anomalies of the others."""
    kept: list[Case] = []
    held: list[Anomaly] = []
    for case in cases:
        hour = case.anomaly.first // HOUR_US
        debt = profile.debt * 2.0 ** ((profile.debt_hour - hour) / DEBT_HALF_LIFE_HOURS)
        if case.is_strong or debt < MOST_DEBT or _is_pattern(case, profile):
            kept.append(case)
            profile.debt, profile.debt_hour = debt + 1.0, hour
        else:
            held += (case.anomaly, *case.around)
            _forget(case, profile)
    return kept, sorted(held, key=lambda one: one.first)


def _is_pattern(case: Case, profile: Profile) -> bool:
    """Whether something slight came on enough days of two weeks, of earlier runs as well."""
    hours = [
        one.first // HOUR_US
        for one in (case.anomaly, *case.around)
        if one.reasons.keys() != {BEACON}
    ]
    recent = [
        hour for hour in profile.held if (min(hours, default=0) - hour) * HOUR_US <= AROUND_US
    ]
    is_enough = bool(hours) and len(hours) + len(recent) >= PATTERN
    profile.held = [] if is_enough else [*recent, *hours][-MOST_HELD:]
    return is_enough


def _forget(case: Case, profile: Profile) -> None:
    """A new target that nobody was told of is strange when it is visited again."""
    values = profile.dimensions[_TARGET].values
    for one in (case.anomaly, *case.around):
        for name in one.values.get("target", ()):
            if name in values:
                values[name].weight = 0.0


def _waves(anomalies: Mapping[str, Sequence[Anomaly]], accounts: int) -> Iterator[Wave]:
    every = [one for own in anomalies.values() for one in own]
    for dimensions, within in _WAVES:
        alike = [one for one in every if one.reasons.keys() <= dimensions]
        for run in _runs(alike, within):
            if len({one.account for one in run}) >= max(MIN_WAVE, WAVE_SHARE * accounts):
                last = max(one.last for one in run)
                yield Wave(dimensions, run[0].first, last, tuple(run))


def _runs(alike: Sequence[Anomaly], within: int) -> list[list[Anomaly]]:
    """The anomalies in order of time, cut so that those of one run all begin within that time."""
    runs: list[list[Anomaly]] = []
    for one in sorted(alike, key=lambda one: (one.first, one.account)):
        if runs and one.first - runs[-1][0].first <= within:
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs
