"""What an account unusually did, as a support of the incident that it belongs to.

A statistic proves nothing by itself: it begins no incident, raises none and makes no server
compromised. Where an incident concerns the same account, address or host at that time, it is told
with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from exward.incidents.grading import is_acted, time_key
from exward.incidents.joins import DAY, HOUR, Kind, own_addresses_of, values_of
from exward.incidents.story import MAX_JOINS, MAX_STEP_JOINS, span, step_of
from exward.model.finding import Finding
from exward.model.incident import Incident
from exward.model.severity import Severity
from exward.model.stage import Stage

NEAR = DAY
"""µs: what an account, or an internal address, does this near to an incident belongs to it."""
ON_HOST = HOUR
"""µs: and on the same host without any shared value, this near to a grave step."""
_ACCOUNTS = frozenset({Kind.ACCOUNT, Kind.LOCAL_ACCOUNT})
_ADDRESSES = frozenset({Kind.PUBLIC_ADDRESS, Kind.PRIVATE_ADDRESS})


class _Reach(NamedTuple):
    """What an incident holds: `name=value`, and when (µs UTC) and where grave steps were done."""

    values: Mapping[str, Sequence[int]]
    grave: Mapping[str, Sequence[int]]


def attach(incidents: Iterable[Incident], findings: Iterable[Finding]) -> tuple[Incident, ...]:
    """Add to each incident the behaviour that belongs to it; each finding goes to one, the worst.

    `incidents` come worst first.
    """
    told = tuple(incidents)
    known = {one.id: one for one in findings}
    unusual = sorted((one for one in known.values() if one.stage is Stage.BEHAVIOUR), key=time_key)
    if not unusual:
        return told
    own = _own_addresses(known.values())
    reaches = [_reach(incident, known, own) for incident in told]
    added: defaultdict[int, list[tuple[Finding, tuple[str, ...]]]] = defaultdict(list)
    for one in unusual:
        for number, reach in enumerate(reaches):
            ties = tuple(_ties(one, reach, own.get(one.server, frozenset())))
            if ties:
                added[number].append((one, ties))
                break
    return tuple(
        _with(incident, added[number]) if number in added else incident
        for number, incident in enumerate(told)
    )


def _own_addresses(findings: Iterable[Finding]) -> dict[str, frozenset[str]]:
    own: defaultdict[str, set[str]] = defaultdict(set)
    for one in findings:
        own[one.server].update(own_addresses_of(one))
    return {server: frozenset(addresses) for server, addresses in own.items()}


def _reach(
    incident: Incident, known: Mapping[str, Finding], own: Mapping[str, frozenset[str]]
) -> _Reach:
    values: defaultdict[str, list[int]] = defaultdict(list)
    grave: defaultdict[str, list[int]] = defaultdict(list)
    names = (name for step in incident.steps for name in step.findings if name in known)
    for one in map(known.__getitem__, names):
        for value in values_of(one, own[one.server]):
            if value.time is not None and value.kind in _ACCOUNTS | _ADDRESSES:
                values[f"{value.kind.value.name}={value.text}"].append(value.time)
        if is_acted(one) and one.severity.rank >= Severity.HIGH.rank:
            grave[one.server] += [place.time for place in one.evidence if place.time is not None]
    return _Reach(values, grave)


def _ties(one: Finding, reach: _Reach, own: frozenset[str]) -> Iterator[str]:
    """What ties it to the incident, as `name=value`."""
    if one.first is None or one.last is None:
        return
    for value in sorted(set(values_of(one, own)), key=lambda value: (value.kind.name, value.text)):
        name = f"{value.kind.value.name}={value.text}"
        window = value.kind.value.window if value.kind is Kind.PUBLIC_ADDRESS else NEAR
        if value.kind in _ACCOUNTS | _ADDRESSES and _is_near(one, reach.values.get(name), window):
            yield name
    if _is_near(one, reach.grave.get(one.server), ON_HOST):
        yield f"time=on the same host within {ON_HOST // 60_000_000} minutes of a grave step"


def _is_near(one: Finding, times: Sequence[int] | None, window: int | None) -> bool:
    first, last = one.first or 0, one.last or 0
    reach = window or 0
    return any(first - reach <= time <= last + reach for time in times or ())


def _with(incident: Incident, added: Sequence[tuple[Finding, tuple[str, ...]]]) -> Incident:
    """The incident with one more step, which names what ties it to the others."""
    findings = [one for one, _ in added]
    ties = tuple(dict.fromkeys(tie for _, names in added for tie in names))
    first, last = span(findings)
    step = replace(step_of(Stage.BEHAVIOUR, findings), joined_by=ties[:MAX_STEP_JOINS])
    more = tuple(tie for tie in ties if tie not in incident.joined_by)
    times = [time for time in (incident.first, incident.last, first, last) if time is not None]
    return replace(
        incident,
        steps=(*incident.steps, step),
        first=min(times, default=None),
        last=max(times, default=None),
        joined_by=(*incident.joined_by, *more)[: max(MAX_JOINS, len(incident.joined_by))],
        accounts=tuple(sorted({*incident.accounts, *(f.account for f in findings if f.account)})),
        source_ips=tuple(
            sorted({*incident.source_ips, *(f.source_ip for f in findings if f.source_ip)})
        ),
    )
