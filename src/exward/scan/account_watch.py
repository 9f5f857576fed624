"""Service accounts: find → read sign-ins → learn and judge in order of time → result."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from types import MappingProxyType
from zoneinfo import ZoneInfo

from msgspec.structs import astuple

from exward import __version__
from exward.accounts import cases
from exward.accounts import findings as make
from exward.accounts.cases import Told
from exward.accounts.clock import DAY_US, HOUR_US
from exward.accounts.kinds import MANAGED, SERVICE, kind_of
from exward.accounts.known import NOTHING, Known, KnownAccounts
from exward.accounts.logon import Logon
from exward.accounts.policy import Windows, violations
from exward.accounts.profile import Profile
from exward.accounts.reading import logons
from exward.accounts.summary import summary
from exward.accounts.watch import Watch
from exward.evidence.discover import discover
from exward.evidence.found import NotEvidence, describe
from exward.evidence.options import EvidenceOptions
from exward.evidence.spool import spool_folder
from exward.formats import registry
from exward.formats.interface import Format
from exward.incidents import acceptance
from exward.incidents.acceptance import Tuning
from exward.model.coverage import SourceCoverage
from exward.model.errors import EvidenceError
from exward.model.finding import Finding
from exward.model.records import Part
from exward.model.result import Run, ScanResult
from exward.model.service_account import ServiceAccount
from exward.model.severity import Severity
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.scan.access_review import read_paths as read_snapshot
from exward.scan.account_directory import known_accounts
from exward.scan.findings import order

MAX_LOGONS = 5_000_000
"""Sign-ins are put in order of time before they are learned, so they are kept for a while."""


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """What to read and how. `zone`: whose clock the accounts keep; times are µs UTC or None."""

    paths: tuple[str, ...]
    zone: ZoneInfo
    time_from: int | None = None
    time_to: int | None = None
    windows: Windows = field(default_factory=dict)
    """Accepted log-on windows by account."""
    earlier: tuple[Profile, ...] = ()
    """What an earlier run has learned; up to its last sign-in no account is learned again."""
    directory: str = ""
    """A snapshot of the directory, as `exward access` reads them; "" for none."""
    named: frozenset[str] = frozenset()
    """Accounts that are service accounts whatever else tells, in lower case."""
    level: Severity = Severity.INFORMATIONAL
    password: str | None = field(default=None, repr=False)
    tuning: Tuning = field(default_factory=Tuning)
    today: datetime.date | None = None
    """The day that accepted risks are compared with; None: the present one, UTC."""


@dataclass(slots=True)
class Read:
    """What the reading has brought so far."""

    logons: list[Logon] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    coverage: list[SourceCoverage] = field(default_factory=list)
    not_evidence: int = 0
    left_out: int = 0
    latest: int = field(default_factory=lambda: time.time_ns() // 1000 + DAY_US)
    """µs since 1970-01-01 UTC; a later sign-in is none: learned, it would make all that come before
    it look known already.
    """


@dataclass(frozen=True, slots=True)
class Learned:
    """The accounts after all sign-ins, in order of time; `services`: kind and why, by account;
    `told`: what stands out of these.
    """

    watch: Watch
    services: dict[str, tuple[str, tuple[str, ...]]]
    told: Told
    logons: list[Logon]
    known: KnownAccounts = field(default_factory=dict)


def check(
    settings: AccountSettings, keep: Callable[[Iterable[Profile]], None] | None = None
) -> ScanResult:
    """Learn every account and say what stands out of the service accounts.

    `keep` gets the profiles, for `earlier` of the next run. Raises EvidenceError if a path does not
    exist or nothing in it tells of a sign-in.
    """
    started = time.time_ns() // 1000
    read = read_paths(settings)
    known = _known(settings, read, started)
    learned = learn(read.logons, settings.zone, settings.earlier, known)
    if keep is not None:
        keep(learned.watch.profiles.values())
    lowest = settings.level.rank
    outside = map(make.of_violation, violations(learned.logons, settings.windows))
    every = (*_findings(learned), *outside)
    found = [one for one in every if one.severity.rank >= lowest]
    today = settings.today or datetime.datetime.now(datetime.UTC).date()
    marked, fared = acceptance.apply(sorted(found, key=order), settings.tuning, {}, today)
    return ScanResult(
        run=_run(settings, read, started),
        verdicts=(),
        incidents=(),
        findings=marked,
        outcomes=(),
        coverage=tuple(sorted(read.coverage, key=lambda row: (row.source, row.log))),
        rules=(),
        skipped=tuple(sorted(set(read.skipped), key=_place)),
        acceptances=fared,
        accounts=tuple(_accounts(learned, settings.zone)),
    )


def profile_of(account: str, settings: AccountSettings) -> Profile:
    """What was learned of one account, whatever kind it is.

    Raises EvidenceError as `check` does, and if no sign-in of it was read.
    """
    wanted = account.casefold()
    read = read_paths(settings)
    watch = learn([one for one in read.logons if one.account == wanted], settings.zone).watch
    if wanted not in watch.profiles:
        names = ", ".join(sorted({one.account for one in read.logons})[:10])
        raise EvidenceError("has no successful sign-in in this evidence", f"seen: {names}", account)
    return watch.profiles[wanted]


def _known(settings: AccountSettings, read: Read, started: int) -> KnownAccounts:
    """What the directory says, and who was named."""
    found: dict[str, Known] = {}
    if settings.directory:
        snapshot = read_snapshot((settings.directory,), settings.password)
        read.skipped += snapshot.skipped
        read.coverage += snapshot.coverage
        found |= known_accounts(snapshot, started)
    for name in settings.named:
        one = found.get(name, NOTHING)
        found[name] = one._replace(told_by=one.told_by or ("named for this run",))
    return found


def learn(
    found: Sequence[Logon],
    zone: ZoneInfo,
    earlier: Iterable[Profile] = (),
    directory: KnownAccounts = MappingProxyType({}),
) -> Learned:
    """Learn and judge sign-ins, which are given in any order."""
    watch = Watch(zone, {one.account: one for one in earlier})
    seen = {name: max(one.seen, one.last * HOUR_US) for name, one in watch.profiles.items()}
    latest = max(seen.values(), default=-1)
    ordered = list(_once(sorted(found, key=attrgetter("time", "account", "file", "position"))))
    for logon in ordered:
        if logon.time > (seen.get(logon.account, -1) if logon.succeeded else latest):
            watch.take(logon)
    asked = {one.target for one in ordered if one.package == "kerberos"}
    servers = {one.target for one in ordered if one.type} | {one.source_host for one in ordered}
    kinds = {
        name: kind_of(one, asked, servers, directory.get(name, NOTHING))
        for name, one in watch.profiles.items()
    }
    services = {name: kind for name, kind in kinds.items() if kind[0] in {MANAGED, SERVICE}}
    anomalies = {name: watch.anomalies.get(name, ()) for name in services}
    told = cases.told(anomalies, {name: watch.profiles[name] for name in services})
    return Learned(watch, services, told, ordered, directory)


def _once(ordered: Iterable[Logon]) -> Iterator[Logon]:
    """The sign-ins without those that a copy of their log tells again."""
    moment, seen = -1, set[tuple[object, ...]]()
    for one in ordered:
        if one.time != moment:
            moment, seen = one.time, set()
        told = astuple(one)[:-2]  # all but where it is written
        if told not in seen:
            seen.add(told)
            yield one


def _findings(learned: Learned) -> Iterator[Finding]:
    for account in learned.services:
        known = learned.known.get(account, NOTHING)
        for case in learned.told.cases[account]:
            yield make.of_case(case, known)
    for wave in learned.told.waves:
        yield make.of_wave(wave, len(learned.services), learned.known)
    silent = sorted(
        name
        for name, one in learned.known.items()
        if one.told_by and name not in learned.watch.profiles
    )
    if silent:
        yield make.of_silent(silent, learned.known)
    yield from map(make.of_spray, learned.watch.sprays.found)


def _accounts(learned: Learned, zone: ZoneInfo) -> Iterator[ServiceAccount]:
    for account, kind in sorted(learned.services.items()):
        said = learned.known.get(account, NOTHING).said()
        count = len(learned.told.cases[account])
        one = summary(learned.watch.profiles[account], kind, zone, count)
        yield replace(one, directory=said, slight=make.slight(learned.told.held[account]))


def read_paths(settings: AccountSettings) -> Read:
    """Read the sign-ins of everything below the paths; raises EvidenceError if there is none."""
    read = Read()
    with spool_folder() as folder:
        options = EvidenceOptions(spool_dir=folder, password=settings.password)
        for item in discover(settings.paths, options, _is_wanted):
            if isinstance(item, Skipped):
                read.skipped.append(item)
            elif isinstance(item, NotEvidence):
                read.not_evidence += 1
            else:
                _read_file(item, settings, read)
    if read.left_out:
        reason = f"more than {MAX_LOGONS:,} sign-ins: give --from and --to"
        read.skipped.append(Skipped(settings.paths[0], None, reason, read.left_out))
    if not read.logons:
        hint = "Security events 4624, 4625, 4648, 4768, 4769, 4776, or IIS and HttpProxy logs"
        raise EvidenceError("nothing here tells of a sign-in", hint, ", ".join(settings.paths))
    return read


def _is_wanted(_path: str, head: bytes) -> bool:
    return registry.identify(head) is not None


def _read_file(source: Source, settings: AccountSettings, read: Read) -> None:
    form = registry.identify(source.head)
    if form is None:
        return
    count = lost = 0
    first = last = None
    try:
        for item in _present(_items(source, form), read.latest):
            if isinstance(item, Skipped):
                read.skipped.append(item)
                lost += max(1, item.count)
            elif _is_within(item.time, settings):
                count += 1
                first = item.time if first is None else min(first, item.time)
                last = item.time if last is None else max(last, item.time)
                _keep(item, read)
    except (EvidenceError, OSError) as error:
        read.skipped.append(Skipped(source.path, None, describe(error)))
        lost += 1
    if count or lost:
        size = source.size_bytes or 0
        read.coverage.append(
            SourceCoverage(source.path, form.NAME, "sign-ins", "", count, lost, size, first, last)
        )


def _items(source: Source, form: Format) -> Iterator[Logon | Skipped]:
    for batch in form.read(source, Part()):
        if isinstance(batch, Skipped):
            yield batch
        else:
            yield from logons(batch)


def _present(items: Iterable[Logon | Skipped], latest: int) -> Iterator[Logon | Skipped]:
    """The items without sign-ins of the future, which are counted as lost."""
    ahead: list[Logon] = []
    count = 0
    for item in items:
        if isinstance(item, Skipped) or item.time <= latest:
            yield item
        else:
            count += 1
            ahead = ahead or [item]
    for one in ahead:
        reason = "sign-ins in the future: a clock is wrong, or was set"
        yield Skipped(one.file, one.position, reason, count)


def _is_within(moment: int, settings: AccountSettings) -> bool:
    after = settings.time_from is None or moment >= settings.time_from
    return after and (settings.time_to is None or moment <= settings.time_to)


def _keep(logon: Logon, read: Read) -> None:
    if len(read.logons) < MAX_LOGONS:
        read.logons.append(logon)
    else:
        read.left_out += 1


def _run(settings: AccountSettings, read: Read, started: int) -> Run:
    return Run(
        version=__version__,
        started=started,
        finished=time.time_ns() // 1000,
        paths=settings.paths,
        rules_loaded=0,
        rules_unusable=0,
        files=len(read.coverage),
        files_not_evidence=read.not_evidence,
        records=len(read.logons) + read.left_out,
        size_bytes=sum(row.size_bytes for row in read.coverage),
        settings={"verb": "accounts", "time-zone": settings.zone.key},
    )


def _place(loss: Skipped) -> tuple[str, int, str]:
    return loss.source, -1 if loss.position is None else loss.position, loss.reason
