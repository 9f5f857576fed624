"""A scan: plan → read → judge → result. The only place that knows the order."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import hashlib
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from exward import __version__
from exward.engines import local
from exward.evidence.discover import discover
from exward.evidence.found import NotEvidence
from exward.evidence.options import EvidenceOptions
from exward.evidence.spool import spool_folder
from exward.formats import registry
from exward.incidents import acceptance
from exward.incidents.acceptance import Tuning
from exward.incidents.process_tree import Started
from exward.model.coverage import WebFileCoverage
from exward.model.finding import Finding
from exward.model.records import Part
from exward.model.result import Run, ScanResult
from exward.model.severity import Severity
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.rules import library
from exward.rules.correlate import correlate
from exward.rules.hits import CorrelationMatch
from exward.rules.ir import Correlation, RuleSet
from exward.scan import findings as make
from exward.scan import posture, shell_requests, spool
from exward.scan.collect import Groups
from exward.scan.collections import Collections, is_part
from exward.scan.judging import Material, judge
from exward.scan.progress import Progress
from exward.scan.rule_coverage import rule_coverage, stage_coverage
from exward.scan.signatures import Signatures
from exward.scan.source_coverage import source_coverage
from exward.scan.tally import Span
from exward.scan.tuning import tuned
from exward.scan.web_files import WebFiles
from exward.scan.work import PAGE, SERVED, WEB, Outcome, Setup, Task, work
from exward.webshells import page
from exward.webshells.belonging.builds import names_build
from exward.webshells.skimming import page as logon_page
from exward.yara import loading

MAX_STARTED = 60_000
"""Process creations kept for process trees, of all evidence together."""
SMALL_BYTES = 4 * 1024 * 1024
"""Evidence up to this size is read in this process: starting others would take longer."""


# What only logs hold: a file with one of these that no reader takes is a loss.
LOG_MARKS = re.compile(
    rb"^#(?:fields|software: microsoft internet information):?|^ElfFile\0", re.I | re.M
)
NATIVE_READERS = frozenset({"evtx"})


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
    tuning: Tuning = field(default_factory=Tuning)
    today: datetime.date | None = None
    """The day that accepted risks are compared with; None: the present one, UTC."""


@dataclass(slots=True)
class _State:
    """What the tasks have brought so far."""

    groups: Groups = field(default_factory=Groups)
    spans: dict[tuple[str, str, str], Span] = field(default_factory=dict)
    """By (evidence file, format, log)."""
    sizes: dict[str, int] = field(default_factory=dict)
    routed: dict[str, set[str]] = field(default_factory=dict)
    """Ids of the rules that could fire on an event that occurred, by evidence file."""
    skipped: list[Skipped] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)
    started: list[Started] = field(default_factory=list)
    web: WebFiles = field(default_factory=WebFiles)
    collected: Collections = field(default_factory=Collections)
    signatures: Signatures = field(default_factory=Signatures)
    web_counts: tuple[WebFileCoverage, ...] = ()
    web_findings: tuple[Finding, ...] = ()
    requested: dict[str, str] = field(default_factory=dict)
    """Id of the finding on a page → id of the rule for requests to it."""
    inventories: posture.Inventories = field(default_factory=posture.Inventories)
    records: int = 0
    files: int = 0
    not_evidence: int = 0
    stopped: bool = False


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
    state = _State(signatures=Signatures(loading.load(settings.yara_dirs)))
    with spool_folder() as folder:
        tasks = list(_plan(settings, folder, state))
        salt = _salt(tasks)
        state.groups = Groups(salt)
        progress.started(state.files, sum(task.size_bytes for task in tasks))
        try:
            rules = _read_pages(settings, (rules, folder), tasks, progress, state)
            setup = dataclasses.replace(_setup(settings, rules, folder), salt=salt)
            logs = [task for task in tasks if task.format not in WEB]
            _read(setup, logs, settings, progress, state)
        finally:
            progress.finished()
        lowest = settings.level.rank
        found = [one for one in _findings(rules, state) if one.severity.rank >= lowest]
    return _judge(settings, rules, state, found, started)


def _plan(settings: ScanSettings, folder: Path, state: _State) -> Iterator[Task]:
    options = EvidenceOptions(spool_dir=folder, password=settings.password)
    workers = _workers(settings)
    for item in discover(settings.paths, options, _wanted(state)):
        state.web.note(*_named(item))
        if isinstance(item, Skipped):
            state.skipped.append(item)
        elif isinstance(item, NotEvidence):
            state.not_evidence += 1
        elif not item.head and not item.size_bytes:
            state.files += 1
            state.skipped.append(Skipped(item.path, 0, "the file is empty"))
        else:
            state.collected.note(item)
            yield from _tasks(item, workers, state)
    for check in state.collected.checks():
        if isinstance(check, Skipped):
            state.skipped.append(check)
        else:
            yield check


def _named(item: Source | Skipped | NotEvidence) -> tuple[str, bytes]:
    """The path of what was found, and its beginning if it is to be read."""
    if isinstance(item, Skipped):
        return item.source, b""
    return item.path, b"" if isinstance(item, NotEvidence) else item.head


def _tasks(item: Source, workers: int, state: _State) -> Iterator[Task]:
    """What to do with one file: read it as a log, judge it as a web page, or both."""
    if state.inventories.take(item, state.skipped):
        state.files += 1
        state.sizes[item.path] = item.size_bytes or 0
        return
    form = registry.identify(item.head)
    kind = PAGE if _is_page(item.path, item.head) else ""
    if form is None and not kind and state.signatures.wants(item.path):
        kind = SERVED
    if form is None and not kind:
        state.not_evidence += 1
        if LOG_MARKS.search(item.head):
            reason = "looks like a log, but of no form that is known here"
            state.skipped.append(Skipped(item.path, None, reason))
        return
    state.files += 1
    size = item.size_bytes or 0
    state.sizes[item.path] = size
    count = 0 if form is None else max(1, form.parts(item, workers))
    # A head for each of many thousand files would fill the memory: workers read it again.
    light = copy.copy(item)
    light.head = b""
    for index in range(count):
        yield Task(light, form.NAME if form else "", Part(index, count), size // count)
    if kind:
        yield Task(light, kind, Part(0, 1), size)


def _wanted(state: _State) -> Callable[[str, bytes], bool]:
    return lambda path, head: state.signatures.wants(path) or _is_evidence(path, head)


def _is_page(path: str, head: bytes) -> bool:
    """Whether a web server runs it, or browsers get it before people are signed in."""
    return page.is_page(path, head) or logon_page.concerns(path)


def _is_evidence(path: str, head: bytes) -> bool:
    known = not head or registry.identify(head) is not None or _is_page(path, head)
    known = known or names_build(path) or is_part(path, head)
    known = known or posture.is_inventory(path, head)
    return known or LOG_MARKS.search(head) is not None


def _workers(settings: ScanSettings) -> int:
    return settings.jobs or local.cores()


def _setup(settings: ScanSettings, rules: RuleSet, folder: Path) -> Setup:
    rules_file = folder / "rules.msgpack"
    rules_file.write_bytes(msgspec.msgpack.encode(rules))
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
    state: _State,
) -> RuleSet:
    """Judge the web pages; the rules, and those for requests to the pages that are shells."""
    rules, folder = known
    pages = [task for task in tasks if task.format in WEB]
    if not pages:
        return rules
    signatures_file = state.signatures.stored(folder)
    setup = Setup("", str(folder), {}, None, None, signatures_file=signatures_file)
    _read(setup, pages, settings, progress, state)
    surveyed, lost = state.web.surveyed()
    state.skipped += lost
    state.web_counts = surveyed.coverage
    state.web_findings = (*surveyed.findings, *state.signatures.findings(settings.tuning))
    called = shell_requests.pages(state.web_findings)
    state.requested = shell_requests.rules_for(called)
    return shell_requests.with_rules(rules, called)


def _read(
    setup: Setup, tasks: list[Task], settings: ScanSettings, progress: Progress, state: _State
) -> None:
    tasks = sorted(tasks, key=lambda task: (-task.size_bytes, task.source.path, task.part.index))
    workers = max(1, min(_workers(settings), len(tasks)))
    small = sum(task.size_bytes for task in tasks) <= SMALL_BYTES
    # A native reader may hang or crash on hostile evidence: it gets a process of its own.
    is_native = setup.signatures_file or any(task.format in NATIVE_READERS for task in tasks)
    if small and not is_native:
        workers = 0
    for result in local.run(setup, tasks, work, workers, progress):
        if isinstance(result, local.Lost):
            state.skipped.append(Skipped(result.task.source.path, None, result.reason))
        else:
            _take(state, result.task, msgspec.msgpack.decode(result.data, type=Outcome))
    state.stopped = state.stopped or progress.cancelled()


def _take(state: _State, task: Task, outcome: Outcome) -> None:
    state.groups.merge(dict(outcome.groups), dict(outcome.limits))
    state.routed.setdefault(task.source.path, set()).update(outcome.routed)
    state.skipped += outcome.skipped
    state.runs += outcome.runs
    state.web.take(outcome.web_files, outcome.findings, outcome.hints)
    state.signatures.gathered.take(outcome.signatures)
    state.started += outcome.started[: max(0, MAX_STARTED - len(state.started))]
    state.records += outcome.records
    state.stopped = state.stopped or outcome.stopped
    for log, span in outcome.spans.items():
        key = (task.source.path, task.format, log)
        if key in state.spans:
            state.spans[key].merge(span)
        else:
            state.spans[key] = span


def _findings(rules: RuleSet, state: _State) -> Iterator[Finding]:
    groups, _ = state.groups.exported()
    yield from make.from_groups(groups, rules)
    yield from state.web_findings
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
    state: _State,
    found: Iterable[Finding],
    started: int,
) -> ScanResult:
    skipped = tuple(sorted(set(state.skipped), key=_skipped_order))
    groups, _ = state.groups.exported()
    today = settings.today or datetime.datetime.now(datetime.UTC).date()
    postures, outcomes = state.inventories.assessed(today)
    material = Material(
        coverage=state.collected.named(source_coverage(state.spans, state.sizes, state.skipped)),
        hours=tuple(span.hours for _, span in sorted(state.spans.items())),
        skipped=skipped,
        started=tuple(state.started),
        candidates={make.id_of(key): tuple(key[4].split("\n")) for key in groups},
        requested=state.requested,
        outcomes=outcomes,
        signatures=state.signatures.ids(),
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
