"""Made-up sign-ins of service accounts, with attacks put in and harmless noise: data to measure on.

Other code, shapes and numbers than the corpus that the alarms were chosen on, so that it can tell
whether they hold elsewhere.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Iterator

from exward.accounts.logon import Logon

Labelled = tuple[Logon, int, str]
"""A sign-in, the number of the attack that it belongs to (0: none), and its kind."""

DAYS = 84
QUIET_DAYS = 35
"""Attacks begin after so many days."""
_START = int(datetime.datetime(2026, 2, 2, tzinfo=datetime.UTC).timestamp())
_DAY = 86_400


def sign_ins(seed: int, accounts: int = 40) -> list[Labelled]:
    """All sign-ins of so many accounts in order of time; the same for the same seed."""
    chance = random.Random(seed)
    made: list[Labelled] = []
    for number in range(accounts):
        made += _account(chance, number)
    for wave in range(4):
        made += _spray(chance, accounts, 1_000_000 + wave)
    return sorted(made, key=lambda one: one[0].time)


def _account(chance: random.Random, number: int) -> Iterator[Labelled]:
    name, make = _SHAPES[number % len(_SHAPES)]
    account = f"svc-{name}-{number}"
    hosts = [f"app{number}-{n}" for n in range(chance.randint(1, 12))]
    address = f"172.16.{number}.10"
    kind = "5" if name == "nightly" else "3"
    usual = {
        "account": account,
        "address": address,
        "type": kind,
        "package": "kerberos",
        "process": "agent.exe",
    }
    moved = chance.randrange(DAYS) if chance.random() < 0.3 else DAYS
    for second in make(chance):
        source = address if second < moved * _DAY else f"172.16.{number}.11"
        target = chance.choice(hosts)
        yield _one(second, 0, "", **{**usual, "address": source, "target": target})
    for _ in range(chance.randint(0, 3)):  # an administrator, a restart, a new server
        second = chance.randrange(DAYS * _DAY)
        noise = chance.choice(
            ({"type": "10", "process": "explorer.exe"}, {}, {"target": f"new{chance.random():.4f}"})
        )
        yield _one(second, 0, "", **{**usual, "target": hosts[0], **noise})
    yield from _attacks(chance, number, {**usual, "target": hosts[0]})


def _nightly(chance: random.Random) -> Iterator[int]:
    hour = chance.randrange(24)
    for day in range(DAYS):
        yield day * _DAY + hour * 3_600 + int(chance.expovariate(1 / 200))


def _polling(chance: random.Random) -> Iterator[int]:
    every = chance.choice((420, 900, 1_500))
    for second in range(chance.randrange(every), DAYS * _DAY, every):
        yield second + chance.randrange(20)


def _office(chance: random.Random) -> Iterator[int]:
    first, last = chance.randint(5, 8), chance.randint(16, 19)
    for day in range(DAYS):
        if day % 7 < 5:
            for _ in range(chance.randint(20, 60)):
                yield day * _DAY + int(chance.uniform(first, last) * 3_600)


def _serving(chance: random.Random) -> Iterator[int]:
    second = chance.expovariate(1 / 1_200)
    while second < DAYS * _DAY:
        yield int(second)
        second += chance.expovariate(1 / 1_200)


_SHAPES: tuple[tuple[str, Callable[[random.Random], Iterator[int]]], ...] = (
    ("nightly", _nightly),
    ("polling", _polling),
    ("office", _office),
    ("serving", _serving),
)


def _attacks(chance: random.Random, number: int, usual: dict[str, str]) -> Iterator[Labelled]:
    def later() -> int:
        return int(chance.uniform(QUIET_DAYS, DAYS - 15) * _DAY)

    at, label = later(), number * 10 + 1
    yield _one(at, label, "interactive", **{**usual, "type": "2", "process": "winlogon.exe"})
    at, label = later(), number * 10 + 2
    yield _one(at, label, "new source", **{**usual, "address": "192.168.7.7"})
    at, label = later(), number * 10 + 3
    for step in range(6):
        target = f"victim{number}-{step}"
        yield _one(at + step * 45, label, "burst of new targets", **{**usual, "target": target})
    at, label = later(), number * 10 + 4
    for step in range(40):
        second = at + step * 5 * 3_600 + chance.randrange(1_200)
        yield _one(second, label, "beacon to a new host", **{**usual, "target": f"c2-{number}"})
    at, label = later(), number * 10 + 5
    for step in range(40):
        second = at + step * 5 * 3_600 + chance.randrange(1_200)
        yield _one(second, label, "slow beacon to a known host", **usual)


def _spray(chance: random.Random, accounts: int, label: int) -> Iterator[Labelled]:
    at = int(chance.uniform(QUIET_DAYS, DAYS) * _DAY)
    for number in range(accounts):
        name = _SHAPES[number % len(_SHAPES)][0]
        made = _one(at + number * 20, label, "spray", account=f"svc-{name}-{number}",
                    address="192.168.9.9", succeeded=False)  # fmt: skip
        yield made


def _one(second: int, label: int, kind: str, *, succeeded: bool = True, **texts: str) -> Labelled:
    time = (_START + second) * 1_000_000
    return Logon(time=time, succeeded=succeeded, **texts), label, kind
