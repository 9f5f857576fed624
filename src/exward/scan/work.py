"""The work of one worker: read one share of one evidence file and match it against all rules.

Runs in a worker process; everything it takes and gives is plain values.
"""

from __future__ import annotations

import copy
import functools
import gc
import hashlib
from pathlib import Path

import msgspec

from exward.evidence.blob import HEAD_BYTES
from exward.formats import registry
from exward.incidents.acceptance import covers_record
from exward.incidents.process_tree import Started
from exward.model.errors import EvidenceError
from exward.model.finding import Evidence
from exward.model.records import LineBatch, TextBatch
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.posture.manifest import Promise, difference
from exward.rules import explain, regexes
from exward.rules.folding import Folded
from exward.rules.hits import Hit
from exward.rules.ir import RuleSet
from exward.rules.match import Broken, Match, match_lines, match_texts
from exward.rules.plan import Plan
from exward.rules.route import Entry
from exward.rules.specialise import fields_of
from exward.scan import actors, lures, processes, signatures
from exward.scan.collect import NO_TIME, Group, Groups, Place
from exward.scan.sign_ins import SignIns
from exward.scan.spool import Spool
from exward.scan.tally import Tally
from exward.scan.tasks import CHECK, MAIL, PAGE, WEB, Outcome, Reporter, Setup, Task
from exward.webshells import page
from exward.webshells.belonging import files
from exward.webshells.skimming import page as logon_page

GC_THRESHOLD = 50_000
_BLOCK_BYTES = 1 << 20
MAX_REASON = 300
MAX_SKIPPED = 100
"""Losses listed one by one for each task; more are summed up."""


@functools.lru_cache(maxsize=1)
def _plan(rules_file: str) -> Plan:
    rules = msgspec.msgpack.decode(Path(rules_file).read_bytes(), type=RuleSet)
    # A million small values that stay: the garbage collector need not look at them again.
    gc.freeze()
    gc.set_threshold(GC_THRESHOLD)
    return Plan(rules)


def work(setup: Setup, task: Task, reporter: Reporter) -> bytes:
    """Do one task; the result is an encoded `Outcome`."""
    if task.format in WEB:
        return msgspec.msgpack.encode(_judged(setup, task, reporter))
    if task.format == CHECK:
        return msgspec.msgpack.encode(_compared(task, reporter))
    if task.format == MAIL:
        return msgspec.msgpack.encode(_messages(task, reporter))
    worker = _Worker(setup, task)
    try:
        source = _with_head(task.source)
        for item in registry.by_name(task.format).read(source, task.part):
            if isinstance(item, Skipped):
                worker.skip(item)
                continue
            worker.batch(item)
            reporter.advanced(item.size_bytes, len(item))
            if reporter.cancelled():
                worker.stopped = True
                break
    except (OSError, EvidenceError) as error:
        worker.skip(Skipped(task.source.path, None, f"cannot be read: {error}"))
    return msgspec.msgpack.encode(worker.outcome())


def _judged(setup: Setup, task: Task, reporter: Reporter) -> Outcome:
    """Judge a web file, a page by its code, unless it is known; it counts as one record."""
    outcome = Outcome([], [], {}, set(), [], [], 1, [])
    path = task.source.path
    most = page.most_bytes(path) if task.format == PAGE else page.MAX_PROGRAM_BYTES
    try:
        with task.source.open() as stream:
            data = stream.read(most + 1)
        if len(data) > most:
            reason = f"only the first {most >> 20} MiB of this file were judged"
            outcome.skipped.append(Skipped(path, most, reason, 1))
        if task.format == PAGE:
            _weigh(task.source, data, most, outcome)
        if setup.signatures_file:
            _match(setup.signatures_file, path, (data, most), outcome)
    except (OSError, EvidenceError) as error:
        outcome.skipped.append(Skipped(path, None, f"cannot be read: {error}"))
    reporter.advanced(task.size_bytes, 0)
    return outcome


def _messages(task: Task, reporter: Reporter) -> Outcome:
    """Judge the messages of a file; each counts as one record."""
    try:
        found = lures.read(_with_head(task.source), reporter)
    except (OSError, EvidenceError) as error:
        found = lures.Read(skipped=[Skipped(task.source.path, None, f"cannot be read: {error}")])
    except Exception as error:  # noqa: BLE001 - around one file: the others are still judged
        reason = f"its messages were not judged: {type(error).__name__}: {error}"[:MAX_REASON]
        found = lures.Read(skipped=[Skipped(task.source.path, None, reason)])
    reporter.advanced(task.size_bytes, 0)
    outcome = Outcome([], [], {}, set(), found.skipped, [], found.messages, [])
    outcome.lures = found.lures
    return outcome


def _compared(task: Task, reporter: Reporter) -> Outcome:
    """Compare a file with the manifest; it is read as evidence by another task."""
    outcome = Outcome([], [], {}, set(), [], [], 0, [])
    promise = Promise(task.source, task.digest)
    found = difference(promise, lambda size_bytes: reporter.advanced(size_bytes, 0))
    if found is not None:
        outcome.skipped.append(found)
    return outcome


def _weigh(source: Source, data: bytes, most: int, outcome: Outcome) -> None:
    path = source.path
    digest = _digest(data, most)
    is_leftover = files.is_leftover(path)
    file = files.WebFile(
        path=path,
        sha256=digest,
        modified=source.modified,
        is_stock=files.is_stock(path, digest),
        virtual_path=files.virtual_path(data) if is_leftover else "",
    )
    if file.virtual_path or (not is_leftover and page.is_page(path, data[:HEAD_BYTES])):
        outcome.web_files.append(file)
    if file.is_stock or is_leftover:
        return
    try:
        _weigh_logon(path, data[:most], digest, outcome)
        if not page.is_page(path, data[:HEAD_BYTES]):
            return
        weighed = page.weigh(path, data[:most], digest)
    except Exception as error:  # noqa: BLE001 - around one file: rules and baseline still judge it
        reason = f"its code was not judged: {type(error).__name__}: {error}"[:MAX_REASON]
        outcome.skipped.append(Skipped(path, None, reason, 1))
        return
    outcome.findings += [weighed.finding] if weighed.finding is not None else []
    if weighed.hint is not None:
        raised = logon_page.raised(path, weighed.hint)
        outcome.hints += [weighed.hint] if raised is None else []
        outcome.findings += [raised] if raised is not None else []
    if not weighed.is_whole:
        reason = "too much work: only a part of this page was judged"
        outcome.skipped.append(Skipped(path, None, reason, 1))


def _weigh_logon(path: str, data: bytes, digest: str, outcome: Outcome) -> None:
    """Judge what a page that people see before they are signed in does with their passwords."""
    if not logon_page.concerns(path):
        return
    weighed = logon_page.weigh(path, data, digest)
    outcome.findings += [weighed.finding] if weighed.finding is not None else []
    if not weighed.is_whole:
        reason = "too much work: only a part of this page's scripts for browsers was judged"
        outcome.skipped.append(Skipped(path, None, reason, 1))


def _digest(data: bytes, most: int) -> str:
    """SHA-256 of a file; of one that is longer it is not known."""
    return hashlib.sha256(data).hexdigest() if len(data) <= most else ""


def _match(rules_file: str, path: str, read: tuple[bytes, int], outcome: Outcome) -> None:
    """Match the user's YARA rules against a file, of which so many bytes count."""
    data, most = read
    digest = _digest(data, most)
    is_stock = files.is_stock(path, digest)
    found, lost = signatures.match(rules_file, path, data[:most], digest, is_stock=is_stock)
    outcome.signatures += found
    outcome.skipped += lost


def _with_head(source: Source) -> Source:
    """The source with its beginning, which was left out on the way to the worker."""
    whole = copy.copy(source)
    with source.open() as stream:
        head = b""
        while len(head) < HEAD_BYTES and (block := stream.read(HEAD_BYTES - len(head))):
            head += block
    whole.head = head
    return whole


class _Worker:
    """What one task has gathered so far."""

    def __init__(self, setup: Setup, task: Task) -> None:
        self.setup = setup
        self.source = task.source.path
        self.plan = _plan(setup.rules_file)
        self.groups = Groups(setup.salt)
        self.tally = Tally()
        self.spool = Spool(Path(setup.spool_folder))
        self.skipped: list[Skipped] = []
        self.more_skipped = 0
        self.records = 0
        self.started: list[Started] = []
        self.sign_ins = SignIns()
        self.stopped = False

    def skip(self, loss: Skipped) -> None:
        if len(self.skipped) < MAX_SKIPPED:
            self.skipped.append(loss)
        else:
            self.more_skipped += max(1, loss.count)

    def batch(self, batch: TextBatch | LineBatch) -> None:
        self.records += len(batch)
        if isinstance(batch, TextBatch):
            self.tally.texts(batch)
            self._processes(batch)
            matches = match_texts(self.plan, batch)
        else:
            self.tally.lines(batch)
            matches = match_lines(self.plan, batch)
        for match in matches:
            if isinstance(match, Broken):
                self.skip(Skipped(self.source, batch.position(match.at), match.reason, 1))
            else:
                self._hit(batch, match)

    def _processes(self, batch: TextBatch) -> None:
        for index, one in processes.started(batch):
            if len(self.started) >= processes.MAX_STARTED:
                return
            if self._in_window(batch.time(index)):
                self.started.append(one)

    def _hit(self, batch: TextBatch | LineBatch, match: Match) -> None:
        time = batch.time(match.at)
        if not self._in_window(time):
            return
        record = match.record
        place: Place = (NO_TIME if time is None else time, self.source, batch.position(match.at))
        server = batch.server(match.at)
        account = actors.account(match.event, record)
        address = actors.source_ip(record)
        for entry in match.entries:
            rule = entry.rule
            if rule.report:
                entries = self._accepted(rule.meta.id, account, address, record)
                group = self.groups.group((rule.meta.id, server, account, address, entries))
                wanted = group.wants(place)
                group.add(place)
                if wanted:
                    _show(group, place, entry, record)
            if rule.meta.id in self.setup.followed:
                self.sign_ins.add(server, place, record)
            if rule.meta.id in self.setup.correlated and time is not None:
                self._correlated(entry, record, server, place)

    def _accepted(self, rule: str, account: str, address: str, record: Folded) -> str:
        """Ids of the accepted risks that cover the record, a line each."""
        entries = self.setup.accepted.get(rule, ())
        return "\n".join(
            one.id for one in entries if covers_record(one, account, address, record.texts)
        )

    def _in_window(self, time: int | None) -> bool:
        setup = self.setup
        if time is None:
            return True
        return (setup.time_from is None or time >= setup.time_from) and (
            setup.time_to is None or time <= setup.time_to
        )

    def _correlated(self, entry: Entry, record: Folded, server: str, place: Place) -> None:
        rule = entry.rule.meta.id
        names = entry.admission.names
        values = {}
        for field in self.setup.correlated[rule]:
            texts = record.texts(names.get(field, field))
            if texts:
                values[field] = texts[0]
        fields = actors.excerpt(record, fields_of(entry.admission.condition))
        evidence = Evidence(place[1], place[2], place[0], fields)
        self.spool.add(Hit(rule, place[0], server, values, evidence))

    def outcome(self) -> Outcome:
        if self.more_skipped:
            reason = "more records or lines that could not be read"
            self.skipped.append(Skipped(self.source, None, reason, self.more_skipped))
        for pattern, count in regexes.timeouts.items():
            reason = f"the regular expression {pattern[:80]!r} took too long on {count} records"
            self.skipped.append(Skipped(self.source, None, reason, count))
        regexes.timeouts.clear()
        groups, limits = self.groups.exported()
        routed = {rule for event in self.tally.events for rule in self.plan.rules_for(event)}
        return Outcome(
            groups=list(groups.items()),
            limits=list(limits.items()),
            spans=self.tally.spans,
            routed=routed,
            skipped=self.skipped,
            runs=self.spool.close(),
            records=self.records,
            started=self.started,
            sign_ins=self.sign_ins.exported(),
            stopped=self.stopped,
        )


def _show(group: Group, place: Place, entry: Entry, record: Folded) -> None:
    condition = entry.admission.condition
    wanted = (*sorted(fields_of(condition)), *entry.rule.meta.fields)
    group.show(
        place,
        actors.excerpt(record, wanted),
        lambda: explain.sentence(explain.reasons(condition, record)),
    )
