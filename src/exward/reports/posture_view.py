"""Servers side by side, worst first, and what fails on which of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exward.model.outcome import About, Outcome, Status, asks_for_update
from exward.model.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from exward.model.posture import ServerPosture

_OUTSIDE = "outside-"
MAX_SEEN = 1_000
"""Rows of what was seen from outside in a page."""
MAX_NAMED = 20
"""Servers that are named in a group; the others are counted."""
MAX_STEPS = 10
"""Of what is to be done first."""
_UPDATE = "newest-update"


@dataclass(frozen=True, slots=True)
class FleetRow:
    """One server; `is_odd`: it has another build than most."""

    posture: ServerPosture
    outcomes: tuple[Outcome, ...]
    is_odd: bool
    open: int
    exploited: int
    unknown: int
    weak: int


@dataclass(frozen=True, slots=True)
class Group:
    """One check that does not pass everywhere; `worst` is the outcome that is shown for it."""

    worst: Outcome
    failed: int
    unknown: int
    servers: tuple[str, ...]
    """Where it failed, at most `MAX_NAMED` names."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do; `closes` are the vulnerabilities, known to be exploited, that are open
    without it, `servers` as in `Group`."""

    fix: str
    closes: tuple[str, ...]
    servers: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Parts:
    """What does not pass: to be looked at now, vulnerabilities that nobody is known to exploit,
    and what no evidence tells."""

    grave: tuple[Group, ...]
    other: tuple[Group, ...]
    unknown: tuple[Group, ...]


def parts(made: Iterable[Group]) -> Parts:
    """Groups by how soon somebody has to look at them, each in its order."""
    grave, other, unknown = [], [], []
    for group in made:
        worst = group.worst
        if group.failed == 0:
            unknown.append(group)
        elif worst.exploited or worst.about is About.CONFIGURATION:
            grave.append(group)
        else:
            other.append(group)
    return Parts(tuple(grave), tuple(other), tuple(unknown))


def first_steps(outcomes: Iterable[Outcome]) -> tuple[Step, ...]:
    """What to do first: the missing updates, then what else closes what is exploited.

    One step for each thing to do, those of most servers first; without any, the worst failure's.
    """
    updates: dict[str, str] = {}
    found: defaultdict[str, list[Outcome]] = defaultdict(list)
    failed = [one for one in outcomes if one.status is Status.FAIL and one.fix]
    for one in failed:
        if one.check == _UPDATE:
            updates[one.server] = one.fix
            found[one.fix].append(one)
    for one in failed:
        if one.exploited:
            is_closed = asks_for_update(one.fix) and one.server in updates
            found[updates[one.server] if is_closed else one.fix].append(one)
    if not found and failed:
        worst = min(failed, key=urgency)
        found[worst.fix] = [one for one in failed if one.fix == worst.fix]
    steps = [_step(fix, own) for fix, own in found.items()]
    missing = frozenset(updates.values())
    ranked = sorted(steps, key=lambda step: (step.fix not in missing, -step.count, step.fix))
    return tuple(ranked[:MAX_STEPS])


def _step(fix: str, failed: list[Outcome]) -> Step:
    servers = sorted({one.server for one in failed})
    closes = {one.check: None for one in sorted(failed, key=urgency) if one.exploited}
    return Step(fix, tuple(closes), tuple(servers[:MAX_NAMED]), len(servers))


def fleet(postures: Sequence[ServerPosture], outcomes: Iterable[Outcome]) -> tuple[FleetRow, ...]:
    """Every server: first those where what is exploited is open, then by failures."""
    by_server: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_server[outcome.server].append(outcome)
    labels = Counter(one.label for one in postures).most_common(2)
    usual = labels[0][0] if labels else ""
    # With as many of one build as of another, neither is the odd one.
    tied = len(labels) > 1 and labels[0][1] == labels[1][1]
    rows = [
        _row(one, tuple(by_server[one.server]), not tied and one.label != usual) for one in postures
    ]
    return tuple(sorted(rows, key=lambda row: (_rank(row), row.posture.server)))


def groups(outcomes: Iterable[Outcome]) -> tuple[Group, ...]:
    """What fails or is not known, by check, worst first."""
    found: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.status in {Status.FAIL, Status.UNKNOWN}:
            found[outcome.check].append(outcome)
    made = [_group(members) for members in found.values()]
    return tuple(sorted(made, key=lambda group: (group.failed == 0, *urgency(group.worst))))


def seen(outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """What a look from outside saw and does not mind, services first: it is what was asked for."""
    found = [
        one
        for one in outcomes
        if one.check.startswith(_OUTSIDE) and one.status not in {Status.FAIL, Status.UNKNOWN}
    ]
    return tuple(sorted(found, key=lambda one: (one.server, one.status, one.check)))


def urgency(one: Outcome) -> tuple[bool, int, str, tuple[int, ...], str]:
    """For sorting: exploited first, then by severity; of vulnerabilities the newest first."""
    numbers = tuple(-int(part) for part in one.check.split("-") if part.isdecimal())
    return not one.exploited, -one.severity.rank, one.about, numbers, one.check


def _group(members: list[Outcome]) -> Group:
    ranked = sorted(members, key=lambda one: (one.status is not Status.FAIL, one.server))
    failed = [one.server for one in ranked if one.status is Status.FAIL]
    return Group(ranked[0], len(failed), len(ranked) - len(failed), tuple(failed[:MAX_NAMED]))


def _row(posture: ServerPosture, outcomes: tuple[Outcome, ...], is_odd: bool) -> FleetRow:
    states = Counter((one.about, one.status) for one in outcomes)
    return FleetRow(
        posture=posture,
        outcomes=outcomes,
        is_odd=is_odd,
        open=states[About.VULNERABILITY, Status.FAIL],
        exploited=sum(one.exploited and one.status is Status.FAIL for one in outcomes),
        unknown=states[About.VULNERABILITY, Status.UNKNOWN],
        weak=states[About.CONFIGURATION, Status.FAIL],
    )


def _rank(row: FleetRow) -> tuple[int, ...]:
    failed = Counter(one.severity for one in row.outcomes if one.status is Status.FAIL)
    return -row.exploited, *(-failed[level] for level in reversed(Severity))
