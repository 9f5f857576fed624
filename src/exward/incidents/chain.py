"""Joins findings into incidents: the attack told as one story.

Findings of medium and above in a stage of the attack chain are joined by the values they share
(`joins.py`) and, on one server, by nearness in time where one step usually follows another.
Lower findings are taken in by a strong value, or because the account just did something grave;
they never start or connect incidents.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from exward.incidents.attribution import UNKNOWN_HOST
from exward.incidents.grading import is_acted, time_key
from exward.incidents.joins import HOUR, Kind, Value, own_addresses_of, values_of
from exward.incidents.story import tell
from exward.model.severity import Severity
from exward.model.stage import CHAIN, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from exward.model.finding import Finding
    from exward.model.incident import Incident

TIME_WINDOW = HOUR // 4
"""µs: two steps on one server this near in time belong together without any shared value, if the
later one is a usual next step, both were done (no mere attempts: scanners try all day long), and
one of them is high or above."""

NEXT_STEPS: dict[Stage, tuple[Stage, ...]] = {
    Stage.INITIAL_ACCESS: (
        Stage.WEB_SHELL, Stage.EXPLORATION, Stage.ACCOUNT,
        # ProxyToken (CVE-2021-33766) goes straight to the mail.
        Stage.COLLECTION_EXFILTRATION,
    ),
    Stage.WEB_SHELL: (
        Stage.EXPLORATION, Stage.DEFENCE_EVASION, Stage.CREDENTIAL_ACCESS, Stage.PERSISTENCE,
    ),
    Stage.EXPLORATION: (
        Stage.ENUMERATION, Stage.ACCOUNT, Stage.DEFENCE_EVASION, Stage.CREDENTIAL_ACCESS,
        Stage.LATERAL_MOVEMENT, Stage.PERSISTENCE,
    ),
    Stage.ENUMERATION: (Stage.ACCOUNT, Stage.COLLECTION_EXFILTRATION),
    # ProxyShell (CVE-2021-34473, 34523, 31207) takes a role first and writes its shell with it.
    Stage.ACCOUNT: (
        Stage.WEB_SHELL, Stage.DEFENCE_EVASION, Stage.LATERAL_MOVEMENT,
        Stage.COLLECTION_EXFILTRATION, Stage.PERSISTENCE,
    ),
    Stage.DEFENCE_EVASION: (Stage.CREDENTIAL_ACCESS, Stage.PERSISTENCE, Stage.IMPACT),
    Stage.CREDENTIAL_ACCESS: (
        Stage.ACCOUNT, Stage.LATERAL_MOVEMENT, Stage.COLLECTION_EXFILTRATION,
    ),
    Stage.LATERAL_MOVEMENT: (
        Stage.CREDENTIAL_ACCESS, Stage.COLLECTION_EXFILTRATION, Stage.PERSISTENCE, Stage.IMPACT,
    ),
    Stage.COLLECTION_EXFILTRATION: (Stage.DEFENCE_EVASION, Stage.IMPACT),
    # A module or agent that is in place runs commands.
    Stage.PERSISTENCE: (Stage.EXPLORATION, Stage.DEFENCE_EVASION, Stage.LATERAL_MOVEMENT),
    Stage.IMPACT: (),
}  # fmt: skip
"""Stages that usually follow within minutes; each stage also follows itself."""

_BEFORE = {
    stage: (stage, *(earlier for earlier in CHAIN if stage in NEXT_STEPS[earlier]))
    for stage in CHAIN
}

_STATE_JOIN = "state=found on the same server"
_TIME_JOIN = f"time=steps within {TIME_WINDOW // 60_000_000} minutes"


ACCOUNT_WINDOW = HOUR
"""µs: what an account does this near to a step of high or above belongs to it, even if low."""
MAX_NEAR = 1_000
_ACCOUNTS = frozenset({Kind.ACCOUNT, Kind.LOCAL_ACCOUNT})


class _Key(NamedTuple):
    """A joining value and where it holds: one server, or "" for all."""

    kind: str
    text: str
    server: str


class _Held(NamedTuple):
    """One joining value and the numbers of the findings that hold it."""

    kind: Kind
    text: str
    earliest: int
    numbers: list[int]
    timed: list[tuple[int, int]]
    """Time (µs UTC) and number, in order, of the places that carry a time."""


class _Union:
    """Sets of finding numbers that are known to belong together (union-find)."""

    def __init__(self, size: int) -> None:
        self.parent = list(range(size))

    def root(self, item: int) -> int:
        while self.parent[item] != item:
            self.parent[item] = self.parent[self.parent[item]]
            item = self.parent[item]
        return item

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.root(one), self.root(other)))
        self.parent[high] = low


def build(findings: Iterable[Finding]) -> tuple[Incident, ...]:
    """Make the incidents of a run, worst first, from findings whose servers are attributed.

    A single finding is an incident only if it is high or above and shows a step done. The answer
    does not depend on the order of the findings.
    """
    chain = sorted((f for f in findings if f.stage in CHAIN), key=time_key)
    seeds = [f for f in chain if f.severity.rank >= Severity.MEDIUM.rank]
    minors = [f for f in chain if f.severity.rank < Severity.MEDIUM.rank]
    own = _own_addresses(chain)
    index = _index(seeds, own)
    union = _Union(len(seeds))
    joined_by: defaultdict[int, set[str]] = defaultdict(set)
    for pairs, name in (*_value_joins(index), (_time_joins(seeds), _TIME_JOIN)):
        for one, other in pairs:
            union.join(one, other)
            joined_by[one].add(name)
    for one, other in _state_joins(seeds, union):
        union.join(one, other)
        joined_by[one].add(_STATE_JOIN)
    groups: defaultdict[int, list[Finding]] = defaultdict(list)
    ties: defaultdict[int, set[str]] = defaultdict(set)
    for number, seed in enumerate(seeds):
        groups[union.root(number)].append(seed)
        ties[union.root(number)] |= joined_by[number]
    for minor in minors:
        taken = _taken_in(minor, own, index) or _taken_by_account(minor, seeds, own, index)
        if taken is not None:
            root = union.root(taken[0])
            groups[root].append(minor)
            ties[root].add(taken[1])
    incidents = [
        tell(members, ties[root], _named_values(members, own, ties[root]))
        for root, members in groups.items()
        if _tells(members)
    ]
    return tuple(sorted(incidents, key=_worst_first))


def _named_values(
    members: Sequence[Finding], own: dict[str, frozenset[str]], ties: set[str]
) -> dict[str, set[str]]:
    """Finding id → those of its values that tie the incident together, as `name=value`."""
    return {
        finding.id: {
            name
            for value in set(values_of(finding, own[finding.server]))
            if (name := f"{value.kind.value.name}={value.text}") in ties
        }
        for finding in members
    }


def _tells(members: Sequence[Finding]) -> bool:
    if len(members) > 1:
        return True
    return is_acted(members[0]) and members[0].severity.rank >= Severity.HIGH.rank


def _worst_first(incident: Incident) -> tuple[int, int, bool, int, str]:
    first = incident.first
    return (
        -incident.severity.rank,
        -len(incident.steps),
        first is None,
        0 if first is None else first,
        incident.id,
    )


def _own_addresses(findings: Iterable[Finding]) -> dict[str, frozenset[str]]:
    own: defaultdict[str, set[str]] = defaultdict(set)
    for finding in findings:
        own[finding.server].update(own_addresses_of(finding))
    return {server: frozenset(addresses) for server, addresses in own.items()}


def _key(value: Value, server: str) -> _Key:
    return _Key(value.kind.name, value.text, "" if value.kind.value.across else server)


def _index(seeds: Sequence[Finding], own: dict[str, frozenset[str]]) -> dict[_Key, _Held]:
    """Joining value -> who holds it and when, without the values that are too common."""
    holders: defaultdict[_Key, list[tuple[int | None, int]]] = defaultdict(list)
    values: dict[_Key, Value] = {}
    for number, seed in enumerate(seeds):
        for value in set(values_of(seed, own[seed.server])):
            key = _key(value, seed.server)
            values.setdefault(key, value)
            holders[key].append((value.time, number))
    index = {}
    for key, held in holders.items():
        numbers = sorted({number for _, number in held})
        kind = values[key].kind
        if len({seeds[number].rule for number in numbers}) <= kind.value.most_rules:
            timed = sorted((time, number) for time, number in held if time is not None)
            index[key] = _Held(kind, key.text, numbers[0], numbers, timed)
    return index


def _value_joins(index: dict[_Key, _Held]) -> Iterator[tuple[list[tuple[int, int]], str]]:
    """Yield for each shared value the pairs that it joins, neighbours in time, and its name."""
    for held in index.values():
        window = held.kind.value.window
        if window is None:
            pairs = list(pairwise(held.numbers))
        else:
            pairs = [
                (one[1], other[1])
                for one, other in pairwise(held.timed)
                if one[1] != other[1] and other[0] - one[0] <= window
            ]
        if pairs:
            yield pairs, f"{held.kind.value.name}={held.text}"


def _time_joins(seeds: Sequence[Finding]) -> list[tuple[int, int]]:
    """Pairs of steps on one server that follow each other within `TIME_WINDOW`."""
    points: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
    for number, seed in enumerate(seeds):
        if _counts_in_time(seed) and seed.server != UNKNOWN_HOST:
            times = (seed.first, seed.last, *(place.time for place in seed.evidence))
            points[seed.server].update((time, number) for time in times if time is not None)
    pairs: list[tuple[int, int]] = []
    for server in sorted(points):
        latest: dict[tuple[Stage, bool], tuple[int, int]] = {}
        for time, number in sorted(points[server]):
            seed = seeds[number]
            high = seed.severity.rank >= Severity.HIGH.rank
            # One of the two has to be high: the earlier one, if the later is not.
            weights = (True, False) if high else (True,)
            before = (latest.get((stage, w)) for stage in _BEFORE[seed.stage] for w in weights)
            pairs += [
                (other, number)
                for then, other in filter(None, before)
                if time - then <= TIME_WINDOW and other != number
            ]
            latest[seed.stage, high] = (time, number)
    return pairs


def _counts_in_time(seed: Finding) -> bool:
    """A step done, or a severe try to get in: some exploits leave the same trace either way."""
    severe = seed.severity.rank >= Severity.HIGH.rank
    return is_acted(seed) or (seed.stage is Stage.INITIAL_ACCESS and severe)


def _state_joins(seeds: Sequence[Finding], union: _Union) -> list[tuple[int, int]]:
    """Pairs of a state without a time and the one story of its server that has its stage."""
    pairs: list[tuple[int, int]] = []
    for number, seed in enumerate(seeds):
        if _is_timed(seed) or seed.server == UNKNOWN_HOST:
            continue
        others = [
            other
            for other, one in enumerate(seeds)
            if one.server == seed.server and one.stage == seed.stage and _is_timed(one)
        ]
        if len({union.root(other) for other in others}) == 1:
            pairs.append((others[0], number))
    return pairs


def _is_timed(seed: Finding) -> bool:
    return any(time is not None for time in (seed.first, *(one.time for one in seed.evidence)))


def _taken_in(
    minor: Finding, own: dict[str, frozenset[str]], index: dict[_Key, _Held]
) -> tuple[int, str] | None:
    """The earliest seed that shares a strong value with a low finding, and that value's name."""
    found = []
    for value in set(values_of(minor, own[minor.server])):
        reach = value.kind.value
        held = index.get(_key(value, minor.server)) if reach.strong else None
        if held is None:
            continue
        if reach.window is None:
            found.append((held.earliest, f"{reach.name}={value.text}"))
        elif value.time is not None:
            at = bisect_left(held.timed, (value.time - reach.window, 0))
            if at < len(held.timed) and held.timed[at][0] <= value.time + reach.window:
                found.append((held.timed[at][1], f"{reach.name}={value.text}"))
    return min(found, default=None)


def _taken_by_account(
    minor: Finding,
    seeds: Sequence[Finding],
    own: dict[str, frozenset[str]],
    index: dict[_Key, _Held],
) -> tuple[int, str] | None:
    """The earliest high step near in time that the account of a low finding did, and its name."""
    found = []
    for value in set(values_of(minor, own[minor.server])):
        held = index.get(_key(value, minor.server))
        if held is None or value.time is None or value.kind not in _ACCOUNTS:
            continue
        at = bisect_left(held.timed, (value.time - ACCOUNT_WINDOW, 0))
        for time, number in held.timed[at : at + MAX_NEAR]:
            seed = seeds[number]
            grave = is_acted(seed) and seed.severity.rank >= Severity.HIGH.rank
            if grave and seed.server == minor.server and time <= value.time + ACCOUNT_WINDOW:
                found.append((number, f"{value.kind.value.name}={value.text}"))
                break
    return min(found, default=None)
