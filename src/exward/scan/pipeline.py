"""A scan: plan → read → judge → result. The only place that knows the order."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import time
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from exward import __version__
from exward.engines import local
from exward.evidence.options import EvidenceOptions
from exward.evidence.spool import spool_folder
from exward.incidents import acceptance
from exward.incidents.acceptance import Tuning
from exward.model.finding import Finding
from exward.model.result import Run, ScanResult
from exward.model.severity import Severity
from exward.model.skipped import Skipped
from exward.rules import library
from exward.rules.correlate import correlate
from exward.rules.hits import CorrelationMatch
from exward.rules.ir import Correlation, RuleSet
from exward.scan import (
    behaviour,
    logon_work,
    mail_findings,
    mailbox_rules,
    shell_requests,
    spool,
    web_lists,
)
from exward.scan import findings as make
from exward.scan.behaviour import Known
from exward.scan.collect import Groups
from exward.scan.collections import named
from exward.scan.judging import Material, judge
from exward.scan.logon_work import Logons, LogonSetup
from exward.scan.lures import kept
from exward.scan.planning import plan
from exward.scan.progress import Progress, Unseen
from exward.scan.rule_coverage import rule_coverage, stage_coverage
from exward.scan.signatures import Signatures
from exward.scan.source_coverage import source_coverage
from exward.scan.state import State, take
from exward.scan.tasks import FIRST, MAIL, WEB, Outcome, Setup, Task
from exward.scan.tuning import tuned
from exward.scan.work import work
from exward.yara import loading

SMALL_BYTES = 4 * 1024 * 1024
"""Evidence up to this size is read in this process: starting others would take longer."""


NATIVE_READERS = frozenset({"evtx", MAIL})
TRACKING = frozenset({"exchange-message-tracking"})
NAMING = frozenset({"exchange-httpproxy", "exchange-autodiscover"})
"""Logs that name a mailbox and who signs in to it."""


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """What to scan and how. Times are µs since 1970-01-01 UTC; `jobs` 0 means all cores."""

    paths: tuple[str, ...]
    rule_dirs: tuple[str, ...] = ()
    yara_dirs: tuple[str, ...] = ()
    builtin_rules: bool = True
    time_from: int | None = None
    time_to: int | None = None
    level: Severity = Severity.INFORMATIONAL
    jobs: int = 0
    password: str | None = field(default=None, repr=False)
    cache_dir: str | None = None
    placeholders: str | None = None
    mail_verdicts: tuple[str, ...] = ()
    """Files with verdicts on messages, as `exward mail` writes them."""
    accounts: Known = field(default_factory=Known)
    tuning: Tuning = field(default_factory=Tuning)
    today: datetime.date | None = None
    """The day that accepted risks are compared with; None: the present one, UTC."""


def scan(settings: ScanSettings, progress: Progress) -> ScanResult:
    """Read all evidence, match it against all rules, and judge.

    Raises UsageError or ContentError for wrong settings, EvidenceError if a path does not exist.
    """
    started = _now()
    rules = tuned(
        library.load(
            settings.rule_dirs, settings.builtin_rules, settings.cache_dir, settings.placeholders
        ),
        settings.tuning,
    )
    state = State(signatures=Signatures(loading.load(settings.yara_dirs)))
    with spool_folder() as folder:
        options = EvidenceOptions(spool_dir=folder, password=settings.password)
        tasks = list(
            plan((*settings.paths, *settings.mail_verdicts), options, _workers(settings), state)
        )
        salt = _salt(tasks)
        state.groups = Groups(salt)
        progress.started(state.files, sum(task.size_bytes for task in tasks))
        try:
            rules = _read_pages(settings, (rules, folder), tasks, progress, state)
            rules = _read_mail(settings, (rules, folder), tasks, progress, state)
            setup = dataclasses.replace(_setup(settings, rules, folder), salt=salt)
            logs = [task for task in tasks if task.format not in FIRST]
            _read(setup, logs, settings, progress, state)
            _judge_accounts(settings, logs, progress, state)
        finally:
            progress.finished()
        # What follows a harmful message weighs more when all of it is known.
        lowest = Severity.INFORMATIONAL.rank if state.messages_came else settings.level.rank
        found = [one for one in _findings(rules, state) if one.severity.rank >= lowest]
    return _judge(settings, rules, state, found, started)


def _workers(settings: ScanSettings) -> int:
    return settings.jobs or local.cores()


def _setup(settings: ScanSettings, rules: RuleSet, folder: Path) -> Setup:
    data = msgspec.msgpack.encode(rules)
    # Workers keep what they have read by its name.
    rules_file = folder / f"rules-{hashlib.blake2b(data, digest_size=8).hexdigest()}.msgpack"
    rules_file.write_bytes(data)
    wanted: dict[str, set[str]] = {}
    for correlation in rules.correlations:
        for rule in correlation.rules:
            wanted.setdefault(rule, set()).update(_fields_of(correlation, rule))
    return Setup(
        rules_file=str(rules_file),
        spool_folder=str(folder),
        correlated={rule: tuple(sorted(fields)) for rule, fields in wanted.items()},
        time_from=settings.time_from,
        time_to=settings.time_to,
        accepted=_by_rule(settings.tuning),
        followed=mailbox_rules.SIGN_IN_RULES,
    )


def _salt(tasks: Iterable[Task]) -> bytes:
    """The same for the same evidence, wherever it lies and however it is split."""
    files = {(one.source.path, one.source.size_bytes or 0) for one in tasks}
    sizes = sorted((path.rpartition("/")[2], size) for path, size in files)
    return hashlib.blake2b(repr(sizes).encode(), digest_size=16).digest()


def _by_rule(tuning: Tuning) -> dict[str, tuple[acceptance.Entry, ...]]:
    return {
        rule: tuple(one for one in tuning.entries if one.rule == rule)
        for rule in {one.rule for one in tuning.entries}
    }


def _fields_of(correlation: Correlation, rule: str) -> Iterator[str]:
    """The fields of a rule's hits that a correlation groups or counts by."""
    for name in (*correlation.group_by, *correlation.field):
        yield correlation.aliases.get(name, {}).get(rule, name)


def _read_pages(
    settings: ScanSettings,
    known: tuple[RuleSet, Path],
    tasks: Iterable[Task],
    progress: Progress,
    state: State,
) -> RuleSet:
    """Judge the web pages; the rules, and those for requests to the pages that are shells."""
    rules, folder = known
    pages = [task for task in tasks if task.format in WEB]
    lists = web_lists.lists(state.inventories.told)
    if not pages and not lists:
        return rules
    signatures_file = state.signatures.stored(folder)
    setup = Setup("", str(folder), {}, None, None, signatures_file=signatures_file)
    _read(setup, pages, settings, progress, state)
    surveyed, lost = state.web.surveyed(lists)
    state.skipped += lost
    state.web_counts = surveyed.coverage
    state.web_findings = (*surveyed.findings, *state.signatures.findings(settings.tuning))
    called = shell_requests.pages(state.web_findings)
    state.requested = shell_requests.rules_for(called)
    return shell_requests.with_rules(rules, called)


def _read_mail(
    settings: ScanSettings,
    known: tuple[RuleSet, Path],
    tasks: Iterable[Task],
    progress: Progress,
    state: State,
) -> RuleSet:
    """Judge the messages and see whom the harmful ones reached; the rules, and those for these."""
    rules, folder = known
    held = tuple(tasks)
    mail = list(_of({MAIL}, held))
    _read(Setup("", str(folder), {}, None, None), mail, settings, progress, state)
    state.lures = kept([one for one in state.lures if _is_within(one.time, settings)])
    own, wanted = mailbox_rules.for_messages(state.lures)
    setup = dataclasses.replace(_setup(settings, own, folder), correlated=wanted)
    seen = _look(setup, _of(TRACKING, held) if own.rules else (), settings, progress)
    told = mailbox_rules.deliveries(spool.distinct(spool.read(seen.runs)))
    spans = [(one.first, one.last) for one in seen.spans.values()]
    tracked = [(first, last) for first, last in spans if first is not None and last is not None]
    came = mail_findings.reached(state.lures, told, tracked)
    boxes = mailbox_rules.followed(one.mailbox for one in came)
    setup = _setup(settings, mailbox_rules.for_names(boxes), folder)
    counts = _look(setup, _of(NAMING, held) if boxes else (), settings, progress).counts()
    owners = mailbox_rules.accounts(counts, boxes)
    state.messages_came = tuple(mail_findings.of_messages(came, owners))
    return mailbox_rules.with_mailboxes(rules, boxes, owners)


def _look(setup: Setup, tasks: Iterable[Task], settings: ScanSettings, progress: Progress) -> State:
    """What some logs bring for a few rules, before all is read with all of them."""
    seen = State()
    _read(setup, list(tasks), settings, Unseen(progress), seen)
    return seen


def _of(formats: Set[str], tasks: Iterable[Task]) -> Iterator[Task]:
    return (task for task in tasks if task.format in formats)


def _is_within(moment: int | None, settings: ScanSettings) -> bool:
    """Whether a time is wanted; one that is not known is."""
    after = moment is None or settings.time_from is None or moment >= settings.time_from
    return after and (moment is None or settings.time_to is None or moment <= settings.time_to)


def _read(
    setup: Setup, tasks: list[Task], settings: ScanSettings, progress: Progress, state: State
) -> None:
    ordered = _largest_first(tasks)
    workers = _workers_for(tasks, settings, is_native=bool(setup.signatures_file))
    for result in local.run(setup, ordered, work, workers, progress):
        if isinstance(result, local.Lost):
            state.skipped.append(Skipped(result.task.source.path, None, result.reason))
        else:
            take(state, result.task, msgspec.msgpack.decode(result.data, type=Outcome))
    state.stopped = state.stopped or progress.cancelled()


def _largest_first(tasks: Iterable[Task]) -> list[Task]:
    return sorted(tasks, key=lambda task: (-task.size_bytes, task.source.path, task.part.index))


def _workers_for(tasks: Sequence[Task], settings: ScanSettings, *, is_native: bool = False) -> int:
    """How many processes; 0: this one does it."""
    small = sum(task.size_bytes for task in tasks) <= SMALL_BYTES
    # A native reader may hang or crash on hostile evidence: it gets a process of its own.
    is_native = is_native or any(task.format in NATIVE_READERS for task in tasks)
    return 0 if small and not is_native else max(1, min(_workers(settings), len(tasks)))


def _judge_accounts(
    settings: ScanSettings, logs: Sequence[Task], progress: Progress, state: State
) -> None:
    """What service accounts suddenly did, if the logs go back enough."""

    def read(setup: LogonSetup, tasks: Sequence[Task]) -> Iterator[Logons]:
        workers, ordered = _workers_for(tasks, settings), _largest_first(tasks)
        for result in local.run(setup, ordered, logon_work.work, workers, Unseen(progress)):
            if isinstance(result, local.Lost):
                state.skipped.append(Skipped(result.task.source.path, None, result.reason))
            else:
                yield msgspec.msgpack.decode(result.data, type=Logons)

    if not progress.cancelled():
        found = behaviour.judge(logs, state.spans, settings.accounts, read)
        # Sign-ins of all times are learned; what is told is of the time wanted.
        wanted = [one for one in found.findings if _is_wanted(one, settings)]
        state.behaviour = dataclasses.replace(found, findings=tuple(wanted))
        state.skipped += settings.accounts.unread


def _is_wanted(finding: Finding, settings: ScanSettings) -> bool:
    begins = settings.time_to is None or (finding.first or 0) <= settings.time_to
    return begins and (settings.time_from is None or (finding.last or 0) >= settings.time_from)


def _findings(rules: RuleSet, state: State) -> Iterator[Finding]:
    groups, _ = state.groups.exported()
    yield from make.from_groups(groups, rules)
    yield from state.web_findings
    yield from (finding for finding, _ in state.messages_came)
    yield from mail_findings.of_sign_ins(state.messages_came, state.sign_ins)
    yield from state.behaviour.findings
    matches: list[CorrelationMatch] = []
    for item in correlate(rules.correlations, spool.distinct(spool.read(state.runs))):
        if isinstance(item, Skipped):
            state.skipped.append(item)
        else:
            matches.append(item)
    yield from make.from_correlations(matches, rules)


def _judge(
    settings: ScanSettings,
    rules: RuleSet,
    state: State,
    found: Iterable[Finding],
    started: int,
) -> ScanResult:
    skipped = tuple(sorted(set(state.skipped), key=_skipped_order))
    groups, _ = state.groups.exported()
    today = settings.today or datetime.datetime.now(datetime.UTC).date()
    postures, outcomes = state.inventories.assessed(today)
    material = Material(
        coverage=named(state.collected, source_coverage(state.spans, state.sizes, state.skipped)),
        hours=tuple(span.hours for _, span in sorted(state.spans.items())),
        skipped=skipped,
        started=tuple(state.started),
        candidates={make.id_of(key): tuple(key[4].split("\n")) for key in groups},
        requested=state.requested,
        outcomes=outcomes,
        signatures=state.signatures.ids(),
        came={finding.id: times for finding, times in state.messages_came},
        lowest=settings.level,
    )
    loaded = state.signatures.loaded
    judged = judge(found, material, rules, settings.tuning, today)
    return ScanResult(
        run=Run(
            version=__version__,
            started=started,
            finished=_now(),
            paths=settings.paths,
            rules_loaded=len(rules.rules) + len(rules.correlations) + len(loaded.signatures),
            rules_unusable=len(rules.unusable) + len(loaded.broken),
            files=state.files,
            files_not_evidence=state.not_evidence,
            records=state.records,
            size_bytes=sum(state.sizes.values()),
            interrupted=state.stopped,
            settings=state.told(),
        ),
        verdicts=judged.verdicts,
        incidents=judged.incidents,
        findings=judged.findings,
        outcomes=outcomes,
        coverage=tuple(sorted(judged.coverage, key=lambda row: (row.server, row.source, row.log))),
        rules=state.signatures.beside(rule_coverage(rules, set().union(*state.routed.values()))),
        stages=tuple(stage_coverage(rules, state.routed, judged.coverage)),
        skipped=skipped,
        acceptances=judged.acceptances,
        web_files=state.web_counts,
        postures=postures,
    )


def _skipped_order(loss: Skipped) -> tuple[str, int, str]:
    return loss.source, -1 if loss.position is None else loss.position, loss.reason


def _now() -> int:
    return time.time_ns() // 1000
