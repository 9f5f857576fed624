"""What the evidence could have shown: silences inside a log, and a statement in plain words."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from statistics import median_low
from typing import TYPE_CHECKING

from exward.incidents.covered import HOUR, is_web
from exward.incidents.words import counted, listed, period
from exward.model.coverage import Gap, RuleCoverage, SourceCoverage, stages_seen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

SHORTEST_SILENCE_H = 6
TIMES_MEDIAN = 10
"""A silence is unusual if it is longer than both (hours; times the usual distance)."""

MIN_OCCUPIED_HOURS = 12
"""With fewer hours that hold records nothing can be called usual."""

MOST_SILENCES_SHARE = 0.1
"""A log with more long silences than this share of its distances is irregular by nature."""

RHYTHM_SHARE = 0.8
"""A silence whose like (same hours on another day or a week apart) is silent to this share
belongs to the rhythm of the log: nights, weekends."""
DAY_H = 24
WEEK_H = 168

MAX_GAPS = 100

HARDLY = 0.25
"""A stage of the attack is hardly seen if fewer than this share of its rules could fire."""


def gaps(hours: Mapping[int, int]) -> tuple[Gap, ...]:
    """Find the unusual silences of one log, in time order.

    `hours` counts records per hour since 1970-01-01 UTC (hour index). Exchange's own probes write
    each minute, so that a quiet hour in IIS says much; a log that only people fill is quiet each
    night and weekend, which is not reported. A gap begins with the first hour without a record
    and ends with the start of the next that has one. More than `MAX_GAPS`: the longest ones.
    """
    occupied = sorted(hour for hour, records in hours.items() if records > 0)
    if len(occupied) < MIN_OCCUPIED_HOURS:
        return ()
    distances = [after - before for before, after in pairwise(occupied)]
    longest = max(SHORTEST_SILENCE_H, TIMES_MEDIAN * median_low(distances))
    silences = [
        (before + 1, after) for before, after in pairwise(occupied) if after - before - 1 > longest
    ]
    unusual = [silence for silence in silences if not _is_rhythm(silence, occupied)]
    if len(unusual) > MOST_SILENCES_SHARE * len(distances):
        return ()
    unusual.sort(key=lambda silence: (silence[0] - silence[1], silence))
    return tuple(Gap(start * HOUR, end * HOUR) for start, end in sorted(unusual[:MAX_GAPS]))


def statement(coverage: Sequence[SourceCoverage], rules: Sequence[RuleCoverage]) -> tuple[str, ...]:
    """Say per server which log covers which time, what was missing, and what that hides.

    `coverage` is attributed. The last sentences tell how many rules could have fired.
    """
    servers: defaultdict[str, list[SourceCoverage]] = defaultdict(list)
    for row in coverage:
        servers[row.server].append(row)
    sentences = []
    for server in sorted(servers):
        sentences += _of_server(server, servers[server], rules)
    return (*sentences, *_of_rules(rules))


def _is_rhythm(silence: tuple[int, int], occupied: Sequence[int]) -> bool:
    """Whether the same hours some days or a week before or after are silent, too."""
    start, end = silence
    length = end - start
    if length > WEEK_H:
        return False
    days = -(-length // DAY_H) * DAY_H
    known = set(occupied)
    for shift in (-days, days, -WEEK_H, WEEK_H):
        if start + shift >= occupied[0] and end + shift <= occupied[-1] + 1:
            quiet = sum(hour + shift not in known for hour in range(start, end))
            if quiet >= RHYTHM_SHARE * length:
                return True
    return False


def _named(*logs: str) -> Callable[[SourceCoverage], bool]:
    folded = tuple(log.casefold() for log in logs)
    return lambda row: row.log.casefold() in folded


EXPECTED: tuple[tuple[str, Callable[[SourceCoverage], bool], str], ...] = (
    (
        "web requests (IIS or HttpProxy)",
        is_web,
        "exploits over the web and calls of web shells",
    ),
    (
        "the Security log",
        _named("Security"),
        "log-ons, new accounts and changed groups, access to shares",
    ),
    (
        "Sysmon",
        _named("Microsoft-Windows-Sysmon/Operational"),
        "programs that ran, files written and connections made",
    ),
    (
        "PowerShell script blocks",
        _named("Microsoft-Windows-PowerShell/Operational", "PowerShellCore/Operational"),
        "scripts and commands run in memory",
    ),
    (
        "Microsoft Defender",
        _named("Microsoft-Windows-Windows Defender/Operational"),
        "malware that was found and protection that was switched off",
    ),
    (
        "MSExchange Management",
        _named("MSExchange Management"),
        "Exchange commands: mailbox exports, new roles, changed virtual directories",
    ),
    (
        "the System log",
        _named("System"),
        "new services and event logs that were cleared",
    ),
)
"""Log for people, how to tell that it is there, and what nobody sees without it (the sources of
each step of an attack on Exchange)."""


def _of_server(
    server: str, rows: Sequence[SourceCoverage], rules: Sequence[RuleCoverage]
) -> list[str]:
    logs: defaultdict[str, list[SourceCoverage]] = defaultdict(list)
    for row in rows:
        logs[row.log].append(row)
    sentences = [f"{server}: {_of_log(log, logs[log])}." for log in sorted(logs)]
    present = [row for row in rows if row.records > 0]
    for name, is_there, hides in EXPECTED:
        if not any(map(is_there, present)):
            sentences.append(
                f"{server}: no {name.removeprefix('the ')}, so nobody can exclude {hides}."
            )
    if any(_named("Security")(row) for row in present) and _lacks_processes(rules, present):
        sentences.append(
            f"{server}: the Security log holds no process creation (4688), and there is no "
            "Sysmon, so nobody can exclude programs that ran."
        )
    return sentences


def _of_log(log: str, rows: Sequence[SourceCoverage]) -> str:
    records = sum(row.records for row in rows)
    times = [time for row in rows for time in (row.first, row.last) if time is not None]
    text = f"{log} has {counted(records, 'record')}"
    if times:
        text += f" from {period(min(times), max(times))}"
    lost = sum(row.skipped for row in rows)
    if lost:
        text += f"; {counted(lost, 'record')} could not be read"
    silent = sorted((gap for row in rows for gap in row.gaps), key=lambda gap: (gap.start, gap.end))
    if silent:
        text += f"; silent {listed([period(gap.start, gap.end) for gap in silent])}"
    return text


def _lacks_processes(rules: Iterable[RuleCoverage], present: Sequence[SourceCoverage]) -> bool:
    """Whether the rules' coverage says that no Security 4688 record was seen, nor Sysmon's."""
    if any(_named("Microsoft-Windows-Sysmon/Operational")(row) for row in present):
        return False
    return any("Security 4688" in rule.reason for rule in rules)


def _of_rules(rules: Sequence[RuleCoverage]) -> list[str]:
    if not rules:
        return []
    able = sum(rule.could_fire for rule in rules)
    broken = sum(not rule.usable for rule in rules)
    sentences = [f"{able:,} of {counted(len(rules), 'rule')} could have fired on this evidence."]
    blind = len(rules) - able - broken
    if blind:
        sentences.append(f"{counted(blind, 'rule')} had no record to look at.")
    if broken:
        sentences.append(f"{counted(broken, 'rule')} could not be used at all.")
    return [*sentences, *_of_stages(rules)]


def _of_stages(rules: Sequence[RuleCoverage]) -> Iterator[str]:
    seen = stages_seen(rules)
    unseen = [stage.title for stage, (able, _) in seen.items() if not able]
    if unseen:
        yield f"No rule could see these steps of an attack: {listed(unseen)}."
    hardly = [
        f"{stage.title} ({able} of {counted(every, 'rule')})"
        for stage, (able, every) in seen.items()
        if 0 < able < HARDLY * every
    ]
    if hardly:
        yield f"Few rules could see these: {listed(hardly)}."
