"""A review of who may do what: find → read → judge → result, for files and live directories."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from exward import __version__
from exward.access import change_logs, live, live_exchange
from exward.access.change_logs import Telling
from exward.access.changes import Change, RightChange
from exward.access.directory import Directory, assemble
from exward.access.facts import Fact
from exward.access.judge import Material, guarded, judge, powerful
from exward.access.ldap_connection import Address, Connection, is_url, parse_url
from exward.access.ldap_login import Login
from exward.access.missing import missing
from exward.access.readers import registry as readers
from exward.access.view import Limits
from exward.evidence.discover import discover
from exward.evidence.found import NotEvidence, describe
from exward.evidence.options import EvidenceOptions
from exward.evidence.spool import spool_folder
from exward.formats import registry as formats
from exward.incidents import acceptance
from exward.incidents.acceptance import Tuning
from exward.model.coverage import SourceCoverage
from exward.model.errors import EvidenceError
from exward.model.result import NOT_JUDGED, Run, ScanResult
from exward.model.severity import Severity
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.scan.findings import order

MAX_FACTS = 20_000_000


@dataclass(frozen=True, slots=True)
class AccessSettings:
    """What to review and how. `previous`: an earlier snapshot to compare with, "" for none."""

    paths: tuple[str, ...]
    previous: str = ""
    login: Login = field(default_factory=Login)
    limits: Limits = field(default_factory=Limits)
    level: Severity = Severity.INFORMATIONAL
    password: str | None = field(default=None, repr=False)
    tuning: Tuning = field(default_factory=Tuning)
    today: datetime.date | None = None
    """The day that accepted risks are compared with; None: the present one, UTC."""


@dataclass(slots=True)
class Read:
    """What the reading has brought so far."""

    facts: list[Fact] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    right_changes: list[RightChange] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    coverage: list[SourceCoverage] = field(default_factory=list)
    not_evidence: int = 0
    as_of: int | None = None
    """When a live directory was read, µs since 1970-01-01 UTC."""


def review(
    settings: AccessSettings, keep: Callable[[Sequence[Fact]], None] | None = None
) -> ScanResult:
    """Read the directory, judge it and say what changed and what to decide.

    `keep` gets all facts, to save them for the next review. Raises EvidenceError if a path does
    not exist or nothing in it says who may do what.
    """
    started = time.time_ns() // 1000
    read = _read_all(settings)
    earlier = _earlier(settings)
    if keep is not None:
        keep(read.facts)
    material = Material(
        directory=assemble(read.facts),
        changes=tuple(read.changes),
        right_changes=tuple(read.right_changes),
        earlier=earlier,
        as_of=read.as_of,
        limits=settings.limits,
    )
    lowest = settings.level.rank
    found = [one for one in judge(material, started) if one.severity.rank >= lowest]
    today = settings.today or datetime.datetime.now(datetime.UTC).date()
    marked, fared = acceptance.apply(sorted(found, key=order), settings.tuning, {}, today)
    return ScanResult(
        run=_run(settings, read, started, missing(material.directory)),
        verdicts=(),
        incidents=(),
        findings=marked,
        outcomes=(),
        coverage=tuple(sorted(read.coverage, key=lambda row: (row.source, row.log))),
        rules=(),
        skipped=tuple(sorted(set(read.skipped), key=_skipped_order)),
        acceptances=fared,
    )


def _read_all(settings: AccessSettings) -> Read:
    """Live directories first, then files; in a review of both, logs may say who changed what."""
    urls = [path for path in settings.paths if is_url(path)]
    files = [path for path in settings.paths if not is_url(path)]
    if not urls:
        return read_paths(files, settings.password)
    read = Read(as_of=time.time_ns() // 1000)
    for url in urls:
        _read_live(url, settings.login, read)
    return _read_files(files, settings.password, read) if files else read


def _read_live(url: str, login: Login, read: Read) -> None:
    address = parse_url(url)
    before, lost = len(read.facts), 0
    with closing(Connection(address, login)) as connection:
        for item in _of_live(connection, address, read):
            if isinstance(item, Skipped):
                read.skipped.append(item)
                lost += 1
            else:
                _keep(item, read)
    count = len(read.facts) - before
    read.coverage.append(SourceCoverage(url, "ldap", "ldap", "", count, lost, 0, None, None))


def _of_live(connection: Connection, address: Address, read: Read) -> Iterator[Fact | Skipped]:
    """What the directory says, and then of those who matter more: `read` has what was kept.

    Mailboxes come last: should they take too long, all else is there.
    """
    yield from live.facts(connection, address)
    yield from live_exchange.organisation(connection)
    known = assemble(read.facts)
    yield from live.guards(connection, guarded(known))
    yield from live.tokens(connection, powerful(known))
    yield from live_exchange.mailboxes(connection, address)


def read_paths(paths: Sequence[str], password: str | None = None) -> Read:
    """Read everything below the paths that says who may do what, or who changed it."""
    read = _read_files(paths, password, Read())
    if not read.facts and not read.changes and not read.right_changes:
        hint = "a zip of exward collect, SharpHound, exports of cmdlets or LDIF: docs/access.md"
        raise EvidenceError(_nothing(read.skipped), hint, ", ".join(paths))
    return read


def _nothing(skipped: Sequence[Skipped]) -> str:
    """That nothing was found, and of the first place that could not be read why."""
    said = "nothing here says who may do what"
    if not skipped:
        return said
    first = skipped[0]
    place = first.source if first.position is None else f"{first.source}:{first.position}"
    more = f" (and {len(skipped) - 1:,} more places)" if len(skipped) > 1 else ""
    return f"{said}; not read: {place}: {first.reason}{more}"


def _read_files(paths: Sequence[str], password: str | None, read: Read) -> Read:
    with spool_folder() as folder:
        for item in discover(paths, _options(folder, password), _is_wanted):
            if isinstance(item, Skipped):
                read.skipped.append(item)
            elif isinstance(item, NotEvidence):
                read.not_evidence += 1
            elif not item.head:
                read.skipped.append(Skipped(item.path, 0, "the file is empty"))
            else:
                _read_file(item, read)
    return read


def _options(folder: Path, password: str | None) -> EvidenceOptions:
    return EvidenceOptions(spool_dir=folder, password=password)


def _is_wanted(path: str, head: bytes) -> bool:
    return readers.identify(path, head) is not None or formats.identify(head) is not None


def _read_file(source: Source, read: Read) -> None:
    reader = readers.identify(source.path, source.head)
    count = lost = 0
    telling = False
    try:
        items = reader.read(source) if reader is not None else change_logs.of_log(source)
        for item in items:
            if isinstance(item, Skipped):
                read.skipped.append(item)
                lost += max(1, item.count)
            elif isinstance(item, Telling):
                telling = True
            else:
                count += 1
                _keep(item, read)
    except (EvidenceError, OSError) as error:
        read.skipped.append(Skipped(source.path, None, describe(error)))
        lost += 1
    if count or telling or reader is not None:
        form = reader.NAME if reader is not None else "log"
        size = source.size_bytes or 0
        read.coverage.append(
            SourceCoverage(source.path, form, form, "", count, lost, size, None, None)
        )


def _keep(item: Fact | Change | RightChange, read: Read) -> None:
    if isinstance(item, Change):
        read.changes.append(item)
    elif isinstance(item, RightChange):
        read.right_changes.append(item)
    elif len(read.facts) < MAX_FACTS:
        read.facts.append(item)
    else:
        raise EvidenceError(f"more than {MAX_FACTS:,} facts", "review one domain at a time")


def _earlier(settings: AccessSettings) -> Directory | None:
    if not settings.previous:
        return None
    return assemble(read_paths((settings.previous,), settings.password).facts)


def _run(settings: AccessSettings, read: Read, started: int, unknown: Sequence[str]) -> Run:
    told = {"previous": settings.previous, NOT_JUDGED: "; ".join(unknown)}
    return Run(
        version=__version__,
        started=started,
        finished=time.time_ns() // 1000,
        paths=settings.paths,
        rules_loaded=0,
        rules_unusable=0,
        files=len(read.coverage),
        files_not_evidence=read.not_evidence,
        records=len(read.facts) + len(read.changes) + len(read.right_changes),
        size_bytes=sum(row.size_bytes for row in read.coverage),
        settings={"verb": "access"} | {name: text for name, text in told.items() if text},
    )


def _skipped_order(loss: Skipped) -> tuple[str, int, str]:
    return loss.source, -1 if loss.position is None else loss.position, loss.reason
