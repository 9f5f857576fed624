"""Many accounts, event by event: what stands out, and what of it belongs together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from zoneinfo import ZoneInfo

from exward.accounts.clock import HOUR_US
from exward.accounts.logon import INTERACTIVE_TYPES, Logon
from exward.accounts.model import ALARM_BITS, BEACON, HOUR, VOLUME, WARM_UP_HOURS, Strange, observe
from exward.accounts.profile import Profile, empty
from exward.accounts.reasons import more, reason
from exward.accounts.spray import Sprays

MAX_ACCOUNTS = 50_000
MAX_ANOMALIES = 1_000
"""Of one account; further ones are counted."""
MAX_PLACES = 20
"""Of one anomaly; the first that is strange in another dimension is kept besides."""
MAX_VALUES = 20
DAY_US = 24 * HOUR_US
BEACON_US = 7 * DAY_US
"""A slow beacon is told once a week, other anomalies once a day."""
_PLAINEST = (
    *("type", "address", "source_host", "target", HOUR, BEACON, VOLUME),
    *("client", "process", "package"),
)


@dataclass(slots=True)
class Anomaly:
    """What was strange about an account within one day. Times are µs since 1970-01-01 UTC.

    `reasons`: for each dimension the words for its worst event, with the bits; `values`: what was
    strange in it, at most `MAX_VALUES`, the worst first; `targets`: how many were new on one day.
    """

    account: str
    first: int
    last: int
    reasons: dict[str, tuple[float, str]] = field(default_factory=dict)
    values: dict[str, list[str]] = field(default_factory=dict)
    places: list[Logon] = field(default_factory=list)
    count: int = 0
    targets: int = 0

    @property
    def score(self) -> float:
        """Bits over the alarm of the dimension that is worst."""
        return max(bits - ALARM_BITS[name] for name, (bits, _) in self.reasons.items())

    def said(self) -> list[str]:
        """All reasons in words, the worst first; of those that are alike the plainest."""
        ranked = sorted(
            self.reasons.items(),
            key=lambda item: (round(ALARM_BITS[item[0]] - item[1][0]), _PLAINEST.index(item[0])),
        )
        return [words + more(name, self.values[name][1:]) for name, (_, words) in ranked]

    def why(self) -> str:
        """The same in one line."""
        return "; ".join(self.said())

    def is_interactive(self) -> bool:
        """Whether somebody sat before the keyboard, which was strange."""
        return not INTERACTIVE_TYPES.isdisjoint(self.values.get("type", ()))

    def add(self, one: Strange, words: Callable[[], str]) -> None:
        """Take one strange dimension in; the words are asked for if it is the worst so far."""
        if one.dimension == "target":
            self.targets = max(self.targets, round(one.usual))
        values = self.values.setdefault(one.dimension, [])
        known = self.reasons.get(one.dimension)
        is_worst = known is None or known[0] < one.bits
        if is_worst:
            self.reasons[one.dimension] = one.bits, words()
        if one.value not in values and len(values) < MAX_VALUES:
            values.insert(0 if is_worst else len(values), one.value)


@dataclass(slots=True)
class Watch:
    """What is known of all accounts. Give it sign-ins in order of time."""

    zone: ZoneInfo
    profiles: dict[str, Profile] = field(default_factory=dict)
    anomalies: dict[str, list[Anomaly]] = field(default_factory=dict)
    sprays: Sprays = field(default_factory=Sprays)
    left_out: int = 0
    """Sign-ins of accounts beyond `MAX_ACCOUNTS`, and anomalies beyond `MAX_ANOMALIES`."""

    def take(self, logon: Logon) -> Anomaly | None:
        """Judge one sign-in, then learn it; a failed one is not learned.

        Returns the anomaly that it is part of.
        """
        if not logon.succeeded:
            self.sprays.take(logon)
            return None
        hour = logon.time // HOUR_US
        profile = self.profiles.get(logon.account)
        if profile is None:
            if len(self.profiles) >= MAX_ACCOUNTS:
                self.left_out += 1
                return None
            profile = self.profiles[logon.account] = empty(logon.account, hour)
        found = observe(profile, logon, self.zone)
        if not found or hour - profile.first < WARM_UP_HOURS:
            return None
        loud = [one for one in found if one.bits >= ALARM_BITS[one.dimension]]
        return self._add(profile, logon, loud) if loud else None

    def _add(self, profile: Profile, logon: Logon, loud: list[Strange]) -> Anomaly | None:
        told = self.anomalies.setdefault(logon.account, [])
        dimensions = {one.dimension for one in loud}
        anomaly = _going_on(told, logon.time, dimensions)
        if anomaly is None:
            if len(told) >= MAX_ANOMALIES:
                self.left_out += 1
                return None
            anomaly = Anomaly(logon.account, logon.time, logon.time)
            told.append(anomaly)
        anomaly.last = logon.time
        anomaly.count += 1
        if len(anomaly.places) < MAX_PLACES or not dimensions <= anomaly.reasons.keys():
            anomaly.places.append(logon)
        for one in loud:
            anomaly.add(one, partial(reason, one, profile, logon, self.zone))
        return anomaly


def _going_on(told: list[Anomaly], time: int, dimensions: set[str]) -> Anomaly | None:
    """The anomaly that something strange at this time belongs to."""
    if not told:
        return None
    latest = told[-1]
    if time - latest.first <= DAY_US:
        return latest
    if dimensions == {BEACON} and BEACON in latest.reasons and time - latest.first <= BEACON_US:
        return latest
    return None
