"""Sign-ins of `accounts_made.py` under conditions that try a model: one condition at a time.

Each is what real networks do without an attack: clocks change, addresses churn, jobs move, logs
have gaps. The attacks are those of `accounts_made.py`, so that what a condition costs shows.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import msgspec

from accounts_made import DAYS, Labelled, sign_ins

DAY_US = 86_400_000_000
UTC, BERLIN = ZoneInfo("UTC"), ZoneInfo("Europe/Berlin")
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
Change = Callable[[random.Random, list[Labelled]], Iterable[Labelled]]


@dataclass(frozen=True, slots=True)
class Condition:
    """What happens, and whose clock the model is told to keep."""

    name: str
    change: Change
    zone: ZoneInfo = UTC


def made(one: Condition, seed: int) -> list[Labelled]:
    """Sign-ins under one condition in order of time; the same for the same seed."""
    chance = random.Random(seed)
    return sorted(one.change(chance, sign_ins(seed)), key=lambda event: event[0].time)


def _with(event: Labelled, **changes: object) -> Labelled:
    return msgspec.structs.replace(event[0], **changes), event[1], event[2]


def _start(events: list[Labelled]) -> int:
    """Midnight (UTC) of the first day."""
    return min(one.time for one, _, _ in events) // DAY_US * DAY_US


def _by_account(events: list[Labelled]) -> dict[str, list[Labelled]]:
    found: dict[str, list[Labelled]] = {}
    for event in events:
        found.setdefault(event[0].account, []).append(event)
    return found


def _local(_: random.Random, events: list[Labelled]) -> Iterator[Labelled]:
    """Jobs keep the clock on the wall, which changes on 29 March 2026."""
    for event in events:
        wall = _EPOCH + datetime.timedelta(microseconds=event[0].time)
        moved = wall.replace(tzinfo=BERLIN).timestamp()
        yield _with(event, time=int(moved) * 1_000_000)


def _late(chance: random.Random, events: list[Labelled]) -> Iterator[Labelled]:
    """Half of the accounts begin up to 30 days late."""
    start = _start(events)
    for own in _by_account(events).values():
        begins = start + (chance.randrange(30) if chance.random() < 0.5 else 0) * DAY_US
        yield from (event for event in own if event[0].time >= begins or event[1])


def _extra(event: Labelled, at: int, count: int, apart_s: int = 40) -> Iterator[Labelled]:
    """Harmless sign-ins like this one at another time."""
    for step in range(count):
        yield _with((event[0], 0, ""), time=at + step * apart_s * 1_000_000)


def _patches(chance: random.Random, events: list[Labelled]) -> Iterator[Labelled]:
    """Once in four weeks all servers restart in one night; each service signs in anew."""
    start = _start(events)
    yield from events
    for own in _by_account(events).values():
        first = next(event for event in own if not event[1])
        for day in range(12, DAYS, 28):
            at = start + day * DAY_US + (22 * 60 + chance.randrange(90)) * 60_000_000
            yield from _extra(first, at, chance.randint(3, 20))


def _month_ends(chance: random.Random, events: list[Labelled]) -> Iterator[Labelled]:
    """One account in three has a job on the last day of each month."""
    yield from events
    start = _EPOCH + datetime.timedelta(microseconds=_start(events))
    for own in _by_account(events).values():
        if chance.random() < 1 / 3:
            first, hour = next(event for event in own if not event[1]), chance.randrange(24)
            for day in (start + datetime.timedelta(days=n) for n in range(DAYS)):
                if (day + datetime.timedelta(days=1)).day == 1:
                    at = int(day.timestamp()) + hour * 3_600 + chance.randrange(1_200)
                    yield from _extra(first, at * 1_000_000, chance.randint(5, 15))


def _holidays(_: random.Random, events: list[Labelled]) -> Iterator[Labelled]:
    """Offices are closed for ten days, and on single days."""
    closed = {*range(30, 40), 21, 49, 63}
    start = _start(events)
    for event in events:
        day = (event[0].time - start) // DAY_US
        if event[1] or "office" not in event[0].account or day not in closed:
            yield event


def _gap(_: random.Random, events: list[Labelled]) -> Iterator[Labelled]:
    """The logs of a week are lost, of half of the accounts those of another one, too."""
    start = _start(events)
    for event in events:
        day = (event[0].time - start) // DAY_US
        lost = 25 <= day < 32 or (40 <= day < 47 and event[0].account[-1] in "02468")
        if event[1] or not lost:
            yield event


def _churn(days: tuple[int, int], make: Callable[[random.Random, int], str]) -> Change:
    """One account in three gets another address after so many days, from first to last."""

    def change(chance: random.Random, events: list[Labelled]) -> Iterator[Labelled]:
        start = _start(events)
        for number, own in enumerate(_by_account(events).values()):
            if chance.random() >= 1 / 3:
                yield from own
                continue
            usual = own[0][0].address
            leases, day = [], 0
            while day < DAYS:
                leases.append((start + day * DAY_US, make(chance, number)))
                day += chance.randint(*days)
            for event in own:
                known = event[0].address.startswith(usual.rpartition(".")[0])
                lease = max((one for one in leases if one[0] <= event[0].time), default=leases[0])
                yield _with(event, address=lease[1]) if known else event

    return change


def _lease(chance: random.Random, number: int) -> str:
    return f"10.40.{number}.{chance.randrange(2, 250)}"


def _private(chance: random.Random, number: int) -> str:
    return f"2001:db8:0:{number:x}:" + ":".join(f"{chance.randrange(65_536):x}" for _ in range(4))


def _renamed(chance: random.Random, events: list[Labelled]) -> Iterator[Labelled]:
    """On one day a third of the servers get other names."""
    day = _start(events) + 45 * DAY_US
    old = sorted({event[0].target for event in events if not event[1]})
    gone = {name for name in old if chance.random() < 1 / 3}
    for event in events:
        is_renamed = event[0].time >= day and event[0].target in gone
        yield _with(event, target=f"{event[0].target}-n") if is_renamed else event


def _moved(chance: random.Random, events: list[Labelled]) -> Iterator[Labelled]:
    """One account in three begins its work three to six hours later from some day on."""
    start = _start(events)
    for own in _by_account(events).values():
        day = chance.randrange(20, DAYS) if chance.random() < 1 / 3 else DAYS
        later = chance.randint(3, 6) * 3_600_000_000
        for event in own:
            moves = not event[1] and event[0].time >= start + day * DAY_US
            yield _with(event, time=event[0].time + later) if moves else event


def _twice(_: random.Random, events: list[Labelled]) -> Iterator[Labelled]:
    """Each event stands in two logs, the second time up to two seconds later."""
    for number, event in enumerate(events):
        yield event
        yield _with(event, time=event[0].time + number % 3 * 1_000_000, file="copy")


def _growing(chance: random.Random, events: list[Labelled]) -> Iterator[Labelled]:
    """What accounts do grows to the threefold, on every day and at the hours of before."""
    start = _start(events)
    for event in events:
        yield event
        age = (event[0].time - start) / DAY_US / DAYS
        if not event[1]:
            for _ in range(2):
                if chance.random() < age:
                    yield _with(event, time=event[0].time + chance.randrange(300) * 1_000_000)


def _seldom(chance: random.Random, events: list[Labelled]) -> Iterator[Labelled]:
    """Who signed in at random all day does so once or twice a day, at any hour."""
    for event in events:
        if event[1] or "serving" not in event[0].account or chance.random() < 1 / 50:
            yield event


def _quiet(_: random.Random, events: list[Labelled]) -> Iterator[Labelled]:
    return (event for event in events)


CONDITIONS = (
    Condition("nothing besides", _quiet),
    Condition("clocks change, zone given", _local, BERLIN),
    Condition("clocks change, zone not given", _local),
    Condition("accounts begin late", _late),
    Condition("all restart on patch days", _patches),
    Condition("jobs at the end of the month", _month_ends),
    Condition("offices closed on holidays", _holidays),
    Condition("logs of a week lost", _gap),
    Condition("new address (DHCP) daily", _churn((1, 1), _lease)),
    Condition("new address (DHCP) every 4 to 10 days", _churn((4, 10), _lease)),
    Condition("new IPv6 address daily", _churn((1, 1), _private)),
    Condition("servers renamed on one day", _renamed),
    Condition("jobs moved to other hours", _moved),
    Condition("few sign-ins at random hours", _seldom),
    Condition("every event twice", _twice),
    Condition("three times the work", _growing),
)
