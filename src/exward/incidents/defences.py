"""Whether the defences of each server work, as far as its logs tell.

Event ids of Microsoft Defender: Microsoft's list of its event log (see the signals in
`content/defences`, one rule for each). What the evidence does not show is never `ok`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from exward.incidents.coverage import EXPECTED, HARDLY
from exward.incidents.words import counted, listed, period, when
from exward.model.coverage import SourceCoverage, StageCoverage
from exward.model.finding import Finding

DAY = 86_400_000_000
"""µs."""
LATE = DAY
"""A log that ends so long before the newest record of its server no longer arrives."""
OLD_SIGNATURES = 7 * DAY
"""Default of the group policy `Define the number of days before virus security intelligence is
considered out of date`."""
DEFENDER = "microsoft-windows-windows defender/operational"

_ID = "5a0a9c9e-3d41-4c55-9f0f-0f6c6b1f7a0"
TEST, MALWARE, UPDATED, NOT_UPDATED, ON, OFF = (f"{_ID}{number}" for number in range(1, 7))
SIGNALS = frozenset({TEST, MALWARE, UPDATED, NOT_UPDATED, ON, OFF})
"""Ids of the rules in `content/defences`."""


class State(StrEnum):
    """How a defence stands; `unknown`: the evidence does not tell."""

    OK = "ok"
    WARNING = "warning"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Defence:
    """One row: `kind` is `log`, `antivirus` or `stage`."""

    server: str
    kind: str
    name: str
    state: State
    detail: str


def judge(
    coverage: Iterable[SourceCoverage],
    stages: Iterable[StageCoverage],
    findings: Iterable[Finding],
) -> tuple[Defence, ...]:
    """The table of all servers that have a log, by server: logs, antivirus, stages."""
    rows: defaultdict[str, list[SourceCoverage]] = defaultdict(list)
    for row in coverage:
        if row.records:
            rows[row.server].append(row)
    seen: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for finding in findings:
        if finding.rule in SIGNALS and finding.last is not None:
            last = seen[finding.server].get(finding.rule, finding.last)
            seen[finding.server][finding.rule] = max(last, finding.last)
    every = list(stages)
    return tuple(
        defence
        for server in sorted(rows)
        for defence in (
            *_logs(server, rows[server]),
            *_antivirus(server, rows[server], seen[server]),
            *_stages(server, [one for one in every if one.server == server]),
        )
    )


def _logs(server: str, rows: Sequence[SourceCoverage]) -> Iterator[Defence]:
    newest = _newest(rows)
    logs: defaultdict[str, list[SourceCoverage]] = defaultdict(list)
    for row in rows:
        logs[row.log].append(row)
    for log in sorted(logs):
        yield Defence(server, "log", log, *_log(logs[log], newest))
    for name, is_there, hides in EXPECTED:
        if not any(map(is_there, rows)):
            detail = f"no record in this evidence; without it nobody sees {hides}"
            yield Defence(server, "log", name.removeprefix("the "), State.WARNING, detail)


def _log(rows: Sequence[SourceCoverage], newest: int | None) -> tuple[State, str]:
    last = _newest(rows)
    said = counted(sum(row.records for row in rows), "record")
    if last is None or newest is None:
        return State.UNKNOWN, f"{said} without a time"
    said += f", the last {when(last)}"
    silent = sorted((gap.start, gap.end) for row in rows for gap in row.gaps)
    if silent:
        said += f"; silent {listed([period(start, end) for start, end in silent[:3]])}"
    if newest - last > LATE:
        days = (newest - last) // DAY
        return State.WARNING, f"{said}; {counted(days, 'day')} before this server's newest record"
    return (State.WARNING if silent else State.OK), said


def _antivirus(
    server: str, rows: Sequence[SourceCoverage], seen: Mapping[str, int]
) -> Iterator[Defence]:
    if not any(row.log.casefold() == DEFENDER for row in rows):
        for name in ("protection", "signatures", "test"):
            yield Defence(
                server, "antivirus", name, State.UNKNOWN, "no record of Defender's log here"
            )
        return
    yield Defence(server, "antivirus", "protection", *_protection(seen))
    yield Defence(server, "antivirus", "signatures", *_signatures(seen, _newest(rows)))
    yield Defence(server, "antivirus", "test", *_test(seen))


def _protection(seen: Mapping[str, int]) -> tuple[State, str]:
    off, on, found = seen.get(OFF), seen.get(ON), seen.get(MALWARE)
    if off is not None and (on is None or on < off):
        return State.BROKEN, f"switched off {when(off)}, not on again since"
    if on is not None:
        return State.OK, f"switched on {when(on)}"
    if found is not None:
        return State.OK, f"found something {when(found)}"
    return State.UNKNOWN, "no record says that it is on, none that it was switched off"


def _signatures(seen: Mapping[str, int], newest: int | None) -> tuple[State, str]:
    updated, failed = seen.get(UPDATED), seen.get(NOT_UPDATED)
    if updated is None:
        if failed is not None:
            return State.BROKEN, f"an update failed {when(failed)}, none succeeded"
        return State.UNKNOWN, "no update is recorded"
    if newest is not None and newest - updated > OLD_SIGNATURES:
        return State.BROKEN, f"the last update is of {when(updated)}"
    if failed is not None and failed > updated:
        return State.WARNING, f"updated {when(updated)}, but failed {when(failed)}"
    return State.OK, f"updated {when(updated)}"


def _test(seen: Mapping[str, int]) -> tuple[State, str]:
    if (time := seen.get(TEST)) is not None:
        return State.OK, f"the EICAR file was found {when(time)}"
    return State.UNKNOWN, "no EICAR test in this time: make one"


def _stages(server: str, stages: Sequence[StageCoverage]) -> Iterator[Defence]:
    for one in stages:
        state = State.OK
        if not one.could_fire:
            state = State.BROKEN
        elif one.could_fire < HARDLY * one.rules:
            state = State.WARNING
        detail = f"{one.could_fire:,} of {counted(one.rules, 'rule')} could see it"
        yield Defence(server, "stage", one.stage.title, state, detail)


def _newest(rows: Iterable[SourceCoverage]) -> int | None:
    return max((row.last for row in rows if row.last is not None), default=None)
