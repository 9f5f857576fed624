"""The behaviour stage of a scan: what service accounts suddenly did, where the logs go back enough.

An account has to be known for two weeks before anything about it is strange, and a log that begins
later than the others makes everything in it look new. So the stage runs only over logs that have
enough days in common; from a triage of a few days it says nothing, and says so.
"""

from __future__ import annotations

import hashlib
import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from exward.accounts import findings as make
from exward.accounts.kinds import may_be_service
from exward.accounts.known import NOTHING, KnownAccounts
from exward.accounts.logon import Logon
from exward.accounts.model import WARM_UP_HOURS
from exward.accounts.policy import Windows, violations
from exward.accounts.profile import Profile
from exward.accounts.reading import WEB_LOGS
from exward.model.finding import Finding
from exward.model.severity import Severity
from exward.model.skipped import Skipped
from exward.scan.account_watch import learn
from exward.scan.logon_work import Logons, LogonSetup, once_a_minute
from exward.scan.tally import HOUR, Span
from exward.scan.tasks import Task

SECURITY, IIS, PROXY = "security", "iis", "exchange.httpproxy"
MIN_DAYS = WARM_UP_HOURS // 24 + 1
"""Days with records that a log needs before an account that it shows can be judged."""
MAX_LOGONS = 1_000_000
"""Sign-ins learned: some ten seconds, and 350 MB. Of more, whole accounts are left out."""
MAX_NAMES = 500
UTC = ZoneInfo("UTC")

Group = tuple[str, str]
"""Server as the log names it, and the log."""
Read = Callable[[LogonSetup, Sequence[Task]], Iterator[Logons]]
"""Reads the sign-ins of these tasks."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beforehand: accepted windows, what an earlier run has learned, whose clock, and
    what a directory says; `unread`: what of it could not be read.
    """

    windows: Windows = field(default_factory=dict)
    earlier: tuple[Profile, ...] = ()
    zone: ZoneInfo = UTC
    directory: KnownAccounts = field(default_factory=dict)
    unread: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What the stage found, and in one line for people what it could judge."""

    findings: tuple[Finding, ...] = ()
    told: str = ""


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The evidence files that go back enough, and from when on they are taken (µs UTC)."""

    files: frozenset[str]
    start: int | None
    days: int


def judge(
    tasks: Sequence[Task],
    spans: Mapping[tuple[str, str, str], Span],
    known: Known,
    read: Read,
) -> Behaviour:
    """Learn the sign-ins of the logs and judge them; `spans` by evidence file, format and log."""
    groups = _groups(spans)
    if not groups:
        return Behaviour()
    chosen = _chosen(groups, known)
    if not chosen.files and not known.windows:
        return Behaviour(
            told=f"not judged: no log of sign-ins goes back {MIN_DAYS} days, the longest has "
            f"{chosen.days}"
        )
    logs = _logs(groups)
    kept = _Kept(MAX_LOGONS)
    names: set[str] = set()
    web = [task for task in tasks if task.source.path in logs["web"]]
    events = [task for task in tasks if task.source.path in logs[SECURITY]]
    for given in read(LogonSetup(), [*events, *web]):
        names |= given.names | {
            one.account for one in given.found if may_be_service(one.account, one.type)
        }
        kept.take(given)
    wanted = _wanted(names, known)
    for given in read(LogonSetup(tuple(wanted)), web) if wanted else ():
        kept.take(given)
    return _judged(kept, chosen, known)


def _wanted(names: set[str], known: Known) -> list[str]:
    """The accounts whose requests are read: those that the logs show, then the directory's."""
    seen = names | set(known.windows)
    told = {name for name, one in known.directory.items() if one.told_by} - seen
    return [name for name in (*sorted(seen), *sorted(told)) if name.isascii()][:MAX_NAMES]


def _judged(kept: _Kept, chosen: _Chosen, known: Known) -> Behaviour:
    every = sorted(kept.logons(), key=_order)
    start = chosen.start or 0
    old = [one for one in every if one.file in chosen.files and one.time >= start]
    outside = tuple(map(make.of_violation, violations(every, known.windows)))
    if not old:
        return Behaviour(outside, f"log-on windows of {len(known.windows):,} accounts were held")
    learned = learn(old, known.zone, known.earlier, known.directory)
    strange = [
        make.of_case(case, known.directory.get(account, NOTHING))
        for account in sorted(learned.services)
        for case in learned.told.cases[account]
    ]
    strange += [make.of_wave(wave, len(learned.services)) for wave in learned.told.waves]
    sprays = list(map(make.of_spray, learned.watch.sprays.found))
    told = f"{len(learned.services):,} service accounts, {len(old):,} sign-ins"
    told += f" of {chosen.days} days" if chosen.days else ""
    if kept.left_out:
        told += f"; {kept.left_out:,} sign-ins more were too many to be learned"
    return Behaviour((*map(_modest, (*strange, *sprays)), *outside), told)


def _order(one: Logon) -> tuple[int, str, str, int]:
    return one.time, one.account, one.file, one.position


def _modest(finding: Finding) -> Finding:
    """One level less: what is unusual explains an attack that other evidence shows, no more."""
    lower = {Severity.CRITICAL: Severity.MEDIUM, Severity.HIGH: Severity.MEDIUM}
    return replace(finding, severity=lower.get(finding.severity, Severity.LOW))


def _groups(spans: Mapping[tuple[str, str, str], Span]) -> dict[Group, tuple[set[str], set[int]]]:
    """For each log of sign-ins of a server its evidence files and the hours with records."""
    groups: defaultdict[Group, tuple[set[str], set[int]]] = defaultdict(lambda: (set(), set()))
    for (path, _, log), span in spans.items():
        if log.casefold() != SECURITY and log not in WEB_LOGS:
            continue
        server = max(sorted(span.servers), key=lambda name: span.servers[name], default="")
        files, hours = groups[server.casefold(), log.casefold()]
        files.add(path)
        hours.update(hour for hour, records in span.hours.items() if records)
    days = {IIS: 0, PROXY: 0}
    for (_, log), (_, hours) in groups.items():
        days[log] = max(days.get(log, 0), len(_days(hours)))
    # HttpProxy tells again what IIS tells, in a file for each hour: the one that is longer will do.
    spare = PROXY if days[IIS] >= days[PROXY] else IIS
    return {name: held for name, held in groups.items() if name[1] != spare}


def _days(hours: Iterable[int]) -> set[int]:
    """Days since 1970 of hours since 1970, UTC."""
    return {hour // 24 for hour in hours}


def _logs(groups: Mapping[Group, tuple[set[str], set[int]]]) -> dict[str, set[str]]:
    logs: dict[str, set[str]] = {SECURITY: set(), "web": set()}
    for (_, log), (files, _) in groups.items():
        logs[SECURITY if log == SECURITY else "web"] |= files
    return logs


def _chosen(groups: Mapping[Group, tuple[set[str], set[int]]], known: Known) -> _Chosen:
    """The logs that have enough days, from the day on which the last of them begins.

    Where that leaves too few days, the log that begins last is left out. With profiles of an
    earlier run every log counts.
    """
    files = {name: held for name, (held, _) in groups.items()}
    if any(one.last - one.first >= WARM_UP_HOURS for one in known.earlier):
        return _Chosen(frozenset().union(*files.values()), None, 0)
    days = {name: _days(hours) for name, (_, hours) in groups.items()}
    longest = max(map(len, days.values()))
    left = {name: seen for name, seen in days.items() if len(seen) >= MIN_DAYS}
    while left:
        start = max(map(min, left.values()))
        common = {day for seen in left.values() for day in seen if day >= start}
        if len(common) >= MIN_DAYS:
            held = frozenset().union(*(files[name] for name in left))
            return _Chosen(held, start * 24 * HOUR, len(common))
        latest = max(left, key=lambda name: (min(left[name]), name))
        del left[latest]
    return _Chosen(frozenset(), None, longest)


class _Kept:
    """Sign-ins by account, bounded: of too many, whole accounts go, people before services.

    Which go does not depend on the order in which sign-ins come.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._by_account: dict[str, list[Logon]] = {}
        self._texts: dict[str, str] = {}
        self._ranks: list[tuple[int, str]] = []
        """A heap: the account that goes first stands first."""
        self._total = 0
        self._limit: tuple[int, str] | None = None
        self.left_out = 0

    def take(self, given: Logons) -> None:
        """Keep sign-ins, unless their account is one of those that are left out."""
        self.left_out += given.left_out
        for one in given.found:
            self._add(self._shared(one))

    def _shared(self, one: Logon) -> Logon:
        """The same with texts that are kept once: they came from another process, each anew."""
        kept = self._texts.setdefault
        account, host, address, target, kind, package, process, client, file = (
            kept(text, text)
            for text in (
                *(one.account, one.source_host, one.address, one.target, one.type),
                *(one.package, one.process, one.client, one.file),
            )
        )
        place = one.succeeded, file, one.position
        return Logon(
            one.time, account, host, address, target, kind, package, process, client, *place
        )

    def _add(self, one: Logon) -> None:
        found = self._by_account.get(one.account)
        if found is None:
            rank = _rank(one.account)
            if self._limit is not None and rank <= self._limit:
                self.left_out += 1
                return
            found = self._by_account[one.account] = []
            heapq.heappush(self._ranks, rank)
        found.append(one)
        self._total += 1
        while self._total > self._most:
            self._limit = heapq.heappop(self._ranks)
            gone = len(self._by_account.pop(self._limit[1]))
            self._total -= gone
            self.left_out += gone

    def logons(self) -> Iterator[Logon]:
        """All that are kept; what two copies of a log tell counts once."""
        for account in sorted(self._by_account):
            yield from once_a_minute(sorted(self._by_account[account], key=_order))


def _rank(account: str) -> tuple[int, str]:
    """Sorts accounts that may be services last, all others by chance."""
    digest = hashlib.blake2b(account.encode("utf-8", "backslashreplace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") + (may_be_service(account, "") << 64), account
