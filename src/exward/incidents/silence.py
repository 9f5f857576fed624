"""Hours in which a log is silent although the server was alive: deleted, or switched off.

Exchange's own probes call every service each minute, so that IIS and HttpProxy log in every hour of
a running server, each protocol and each site in a folder of its own. An hour without a line, in
which another log of the same server goes on, was taken out or not written. A server that was off is
silent in all logs, and no finding.
"""

from __future__ import annotations

import hashlib
import re
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
MAX_PAUSES = 2
MAX_SHARE = 0.34
"""A log with more runs of silent hours, or with more of them for each hour with records, rests by
nature, as where nobody works at night."""
EARLY = 2
"""Hours that a log has to end before the others."""
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
        every = _hours(files)
        probed = _hours(one for one in files if one.log in PROBED)
        for place in sorted({(one.log, _folder(one)) for one in files if one.log in PROBED}):
            own = [one for one in files if (one.log, _folder(one)) == place]
            hours = _hours(own)
            silences = _silences(hours, every) + _early_end(hours, probed)
            for start, end in silences:
                found.append(_finding(server, place, (start * HOUR, end * HOUR), own, findings))
    return tuple(found)


def _folder(one: Heard) -> str:
    """Each protocol and each site writes into a folder of its own."""
    return re.split(r"[^/!\\]*$", one.source)[0]


def _hours(files: Iterable[Heard]) -> dict[int, int]:
    total: defaultdict[int, int] = defaultdict(int)
    for one in files:
        for hour, records in one.hours.items():
            total[hour] += records
    return dict(total)


def _silences(own: Mapping[int, int], every: Mapping[int, int]) -> list[tuple[int, int]]:
    """Runs of hours without a record between others, in each of which the server was alive."""
    occupied = _never_rests(own)
    return [
        (before + 1, after)
        for before, after in pairwise(occupied)
        if after > before + 1
        and all(every.get(hour, 0) >= ALIVE for hour in range(before + 1, after))
    ]


def _early_end(own: Mapping[int, int], probed: Mapping[int, int]) -> list[tuple[int, int]]:
    """The hours at the end for which other folders of requests go on; beginnings differ anyway."""
    occupied = _never_rests(own)
    if not occupied:
        return []
    end = max(hour for hour, records in probed.items() if records > 0) + 1
    start = occupied[-1] + 1
    alive = all(probed.get(hour, 0) >= ALIVE for hour in range(start, end))
    return [(start, end)] if end - start >= EARLY and alive else []


def _never_rests(own: Mapping[int, int]) -> list[int]:
    """The hours with records, if that log has hardly any hour without; else none."""
    occupied = sorted(hour for hour, records in own.items() if records > 0)
    pauses = sum(after > before + 1 for before, after in pairwise(occupied))
    silent = occupied[-1] + 1 - occupied[0] - len(occupied) if occupied else 0
    never = pauses <= MAX_PAUSES and silent <= MAX_SHARE * len(occupied)
    return occupied if len(occupied) >= MIN_HOURS and never else []


def _finding(
    server: str,
    place: tuple[str, str],
    silence: tuple[int, int],
    own: Sequence[Heard],
    findings: Sequence[Finding],
) -> Finding:
    start, end = silence
    log, folder = place
    part = re.split(r"[/!\\]", folder.rstrip("/!\\"))[-1]
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
    text = "\0".join((DETECTOR, RULE, server, log, part, str(start)))
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
        why=f"no line in {part or 'its folder'} from {period(start, end)}, while other logs of the "
        "server go on",
        advice="Look for deleted files and for logging switched off; ask other servers' logs.",
        references=("https://attack.mitre.org/techniques/T1070/004/",),
    )
