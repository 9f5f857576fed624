"""What one account normally does: counts that fade, bounded, and plain values through and through.

docs/accounts.md says why this model and not another.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import msgspec

DIMENSIONS = ("source_host", "address", "target", "type", "package", "process", "client")
"""Fields of `Logon` whose values are counted."""
MOST_VALUES = (64, 64, 64, 8, 8, 16, 16)
"""Values that are kept of each dimension: the least frequent go first."""
VALUE_CHARS = 48
HALF_LIFE_HOURS = 60 * 24
"""After so long a sign-in counts half."""
NOVELTY_HALF_LIFE_HOURS = 14 * 24
"""After so long a day with new values counts half: what was new while learning soon fades."""
ODD_HOURS = 64
"""Unusual hours that are kept: a job of last month may come again in this."""
MOST_HELD = 8
GAP_OCTAVES = 24
"""Gaps of up to 2^23 s, three months, are told apart."""
REFERENCE_LIMIT = 2.0**40
"""Weights grow towards the present instead of shrinking towards the past; at this they are cut."""


Weight = Annotated[float, msgspec.Meta(ge=0.0, le=1e30)]
Hour = Annotated[int, msgspec.Meta(ge=-1, le=1 << 20)]
"""Since 1970-01-01 UTC, -1 for never; up to 2089, so that no weight overflows."""


class Value(msgspec.Struct, array_like=True, gc=False):
    """One value: its weight, and when it was first and last seen (hours since 1970 UTC)."""

    weight: Weight
    first: Hour
    last: Hour


class Dimension(msgspec.Struct, array_like=True):
    """The values of one dimension. `news`: fading count of days with a value that was new, at
    `since`, the last of them; `today`: how many were new on that day, `most`: on the worst day
    before it, fading.
    """

    values: dict[str, Value]
    total: Weight = 0.0
    news: Weight = 0.0
    since: Hour = 0
    today: int = 0
    most: Weight = 0.0


class Profile(msgspec.Struct, array_like=True):
    """All that is remembered of one account. Hours are since 1970-01-01 UTC.

    `week` and `volume`, by local hour of the week: fading number of hours with a sign-in, and
    of sign-ins. `hour`, `count`: the present hour and the sign-ins in it. `gaps`: fading number
    of sign-ins by octave of the seconds since the one before, whose time is `previous`;
    `crowded`: bits of those that came too soon, fading, at `crowded_hour`. `odd`: the latest
    hours that were unusual; `days`, `odd_days`: fading number of days with sign-ins, and with
    unusual hours; `debt`: fading number of alerts that were told, at `debt_hour`.
    `seen`: µs of the last sign-in; `beaconed`: the last hour of a slow beacon; `held`: latest
    hours of what was too slight to be told.
    """

    account: str
    first: Hour
    last: Hour
    events: int
    dimensions: list[Dimension]
    week: list[Weight]
    volume: list[Weight]
    gaps: list[Weight]
    hour: Hour = -1
    count: int = 0
    reference: Hour = 0
    crowded: Weight = 0.0
    crowded_hour: Hour = 0
    previous: int = 0
    odd: list[Hour] = []
    days: Weight = 0.0
    odd_days: Weight = 0.0
    debt: Weight = 0.0
    debt_hour: Hour = 0
    seen: int = 0
    beaconed: Hour = 0
    held: list[Hour] = []


def empty(account: str, hour: int) -> Profile:
    """The profile of an account that is seen for the first time."""
    return Profile(
        account=account[:VALUE_CHARS],
        first=hour,
        last=hour,
        events=0,
        dimensions=[Dimension({}) for _ in DIMENSIONS],
        week=[0.0] * 168,
        volume=[0.0] * 168,
        gaps=[0.0] * GAP_OCTAVES,
        reference=hour,
    )


def weight_at(profile: Profile, hour: int) -> float:
    """How much one sign-in of this hour weighs; cuts all weights when they have grown too far."""
    grown: float = 2.0 ** ((hour - profile.reference) / HALF_LIFE_HOURS)
    if grown > REFERENCE_LIMIT:
        for one in profile.dimensions:
            one.total /= grown
            for value in one.values.values():
                value.weight /= grown
        profile.week = [weight / grown for weight in profile.week]
        profile.volume = [weight / grown for weight in profile.volume]
        profile.gaps = [weight / grown for weight in profile.gaps]
        profile.days /= grown
        profile.odd_days /= grown
        profile.reference = hour
        return 1.0
    return grown


def dump(profile: Profile) -> bytes:
    """One profile as MessagePack."""
    return msgspec.msgpack.encode(profile)


def dump_all(profiles: Iterable[Profile]) -> bytes:
    """Profiles as MessagePack, by account."""
    return msgspec.msgpack.encode(sorted(profiles, key=lambda one: one.account))


def restore_all(data: bytes) -> list[Profile]:
    """Profiles that `dump_all` made; raises ValueError for anything else."""
    found: list[Profile] = msgspec.msgpack.decode(data, type=list[Profile])
    for one in found:
        sizes = len(one.dimensions), len(one.week), len(one.volume), len(one.gaps)
        if sizes != (len(DIMENSIONS), 168, 168, GAP_OCTAVES):
            raise ValueError(f"the profile of {one.account!r} has other dimensions")
        if len(one.odd) > ODD_HOURS or len(one.held) > MOST_HELD:
            raise ValueError(f"the profile of {one.account!r} has too many unusual hours")
        faded = (
            one.reference,
            one.crowded_hour,
            one.debt_hour,
            *(part.since for part in one.dimensions),
        )
        if max(faded) > one.last:
            raise ValueError(f"the profile of {one.account!r} is older than what is in it")
    return found
