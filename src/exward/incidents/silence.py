"""Hours in which a log is silent although the server was alive: deleted, or switched off.

Exchange's own probes call every service each minute, so that IIS and HttpProxy log in every hour of
a running server. An hour without a line, in which another log of the same server goes on, was taken
out or not written. A server that was off is silent in all logs, and no finding.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from exward.incidents.grading import is_acted
from exward.incidents.words import period
from exward.model.finding import Confidence, Evidence, Finding, Grade
from exward.model.severity import Severity
from exward.model.stage import Stage

HOUR = 3_600_000_000
PROBED = frozenset({"iis", "exchange.httpproxy"})
MIN_HOURS = 12
"""With fewer hours that hold records nothing can be called usual."""
MIN_SHARE = 0.9
"""Of the hours from first to last that have to hold records: only then the log never rests."""
ALIVE = 3
"""Records of other logs in an hour that show the server running."""
NEAR = 12 * HOUR
DETECTOR = "coverage"
RULE = "silent-hours"


@dataclass(frozen=True, slots=True)
class Heard:
    """How much one evidence file of a log holds: `hours` is hour since 1970 → records."""

    server: str
    log: str
    source: str
    records: int
    last: int | None
    hours: Mapping[int, int]


def find(heard: Iterable[Heard], findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """One finding for each silence of a log that never rests, on a server that was alive.

    It is medium where a step of an attack was done on the server within twelve hours, else low.
    """
    by_server: defaultdict[str, list[Heard]] = defaultdict(list)
    for one in heard:
        by_server[one.server].append(one)
    found: list[Finding] = []
    for server, files in sorted(by_server.items()):
        for log in sorted({one.log for one in files} & PROBED):
            own = [one for one in files if one.log == log]
            others = _hours(one for one in files if one.log != log)
            for start, end in _silences(_hours(own), others):
                found.append(_finding(server, log, (start * HOUR, end * HOUR), own, findings))
    return tuple(found)


def _hours(files: Iterable[Heard]) -> dict[int, int]:
    total: defaultdict[int, int] = defaultdict(int)
    for one in files:
        for hour, records in one.hours.items():
            total[hour] += records
    return dict(total)


def _silences(own: Mapping[int, int], others: Mapping[int, int]) -> list[tuple[int, int]]:
    """Runs of hours without a record between others, in each of which the server was alive."""
    occupied = sorted(hour for hour, records in own.items() if records > 0)
    if len(occupied) < MIN_HOURS:
        return []
    if len(occupied) < MIN_SHARE * (occupied[-1] - occupied[0] + 1):
        return []
    return [
        (before + 1, after)
        for before, after in pairwise(occupied)
        if after > before + 1
        and all(others.get(hour, 0) >= ALIVE for hour in range(before + 1, after))
    ]


def _finding(
    server: str,
    log: str,
    silence: tuple[int, int],
    own: Sequence[Heard],
    findings: Sequence[Finding],
) -> Finding:
    start, end = silence
    near = any(
        finding.server == server
        and is_acted(finding)
        and finding.severity.rank >= Severity.HIGH.rank
        and finding.first is not None
        and start - NEAR <= finding.first <= end + NEAR
        for finding in findings
    )
    before = max(
        (one for one in own if one.last is not None and one.last < start),
        key=lambda one: (one.last or 0, one.source),
        default=own[0],
    )
    text = "\0".join((DETECTOR, RULE, server, log, str(start)))
    name = "IIS" if log == "iis" else "HttpProxy"
    return Finding(
        id=hashlib.blake2b(text.encode("utf-8", "backslashreplace"), digest_size=12).hexdigest(),
        detector=DETECTOR,
        rule=RULE,
        title=f"{name} Log Is Silent While The Server Was Alive",
        severity=Severity.MEDIUM if near else Severity.LOW,
        confidence=Confidence.MEDIUM,
        stage=Stage.DEFENCE_EVASION,
        techniques=("T1070.004", "T1562.002"),
        server=server,
        account="",
        source_ip="",
        first=start,
        last=end,
        count=(end - start) // HOUR,
        grade=Grade.STATE,
        evidence=(Evidence(before.source, before.records, before.last, {"log": log}),),
        why=f"no line from {period(start, end)}, while other logs of this server go on",
        advice="Look for deleted files and for logging switched off; ask other servers' logs.",
        references=("https://attack.mitre.org/techniques/T1070/004/",),
    )
