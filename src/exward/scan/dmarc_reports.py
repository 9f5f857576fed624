"""DMARC aggregate reports from paths to one table: files, archives, and mail with them attached."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from exward import __version__
from exward.evidence.discover import discover
from exward.evidence.found import NotEvidence
from exward.evidence.options import EvidenceOptions
from exward.evidence.spool import spool_folder
from exward.mail.authentication.aggregate_reports import Record, Report, is_report, read_report
from exward.mail.files.containers.interface import MAX_FILE_BYTES
from exward.mail.files.explode import Budget, explode
from exward.mail.mime.message import Message
from exward.mail.stores import registry
from exward.model.dmarc import DmarcResult, SendingHost
from exward.model.errors import EvidenceError
from exward.model.skipped import Skipped
from exward.model.source import Source

MAX_HOSTS = 200_000
MAX_REPORTERS = 20


class _Table:
    """Hosts by domain and address, bounded."""

    def __init__(self) -> None:
        self.hosts: dict[tuple[str, str], SendingHost] = {}
        self.policies: dict[str, tuple[int, str]] = {}
        self.seen: set[tuple[str, str, str]] = set()
        self.reports = self.duplicates = self.dropped = 0

    def add(self, report: Report) -> None:
        key = (report.reporter, report.id, report.domain)
        if report.id and key in self.seen:
            self.duplicates += 1
            return
        self.seen.add(key)
        self.reports += 1
        newest = self.policies.get(report.domain, (-1, ""))
        self.policies[report.domain] = max(newest, (report.end, report.policy))
        for record in report.records:
            self._count(report, record)

    def _count(self, report: Report, record: Record) -> None:
        domain = record.header_from or report.domain
        host = self.hosts.get((domain, record.source_ip))
        if host is None:
            if len(self.hosts) >= MAX_HOSTS:
                self.dropped += 1
                return
            host = SendingHost(domain, record.source_ip, first=report.begin, last=report.end)
            self.hosts[domain, record.source_ip] = host
        host.messages += record.count
        host.aligned += record.count if record.is_dkim_aligned or record.is_spf_aligned else 0
        host.by_dkim += record.count if record.is_dkim_aligned else 0
        host.by_spf += record.count if record.is_spf_aligned else 0
        host.first, host.last = min(host.first, report.begin), max(host.last, report.end)
        _tally(host.dispositions, (record.disposition,), record.count)
        _tally(host.signers, record.signers, record.count)
        _tally(host.envelopes, record.envelopes, record.count)
        if report.reporter not in host.reporters and len(host.reporters) < MAX_REPORTERS:
            host.reporters = (*host.reporters, report.reporter)


def _tally(counts: dict[str, int], names: Sequence[str], count: int) -> None:
    for name in names:
        if name in counts or len(counts) < MAX_REPORTERS:
            counts[name] = counts.get(name, 0) + count


def gather_reports(
    paths: Sequence[str],
    password: str | None = None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> DmarcResult:
    """Read every report below the paths; raises EvidenceError if a path does not exist."""
    table = _Table()
    skipped: list[Skipped] = []
    with spool_folder() as folder:
        options = EvidenceOptions(spool_dir=folder, password=password)
        for found in _each(paths, options):
            if isinstance(found, Skipped):
                skipped.append(found)
            else:
                table.add(found)
            if is_cancelled():
                break
    if table.dropped:
        reason = f"more than {MAX_HOSTS:,} senders: the records of further ones are not counted"
        skipped.append(Skipped("", None, reason, table.dropped))
    hosts = sorted(
        table.hosts.values(),
        key=lambda one: (-one.unaligned, -one.messages, one.domain, one.source_ip),
    )
    policies = {domain: policy for domain, (_, policy) in sorted(table.policies.items())}
    return DmarcResult(
        __version__, tuple(hosts), policies, table.reports, table.duplicates, tuple(skipped),
        is_cancelled(),
    )  # fmt: skip


def _each(paths: Sequence[str], options: EvidenceOptions) -> Iterator[Report | Skipped]:
    for source in discover(paths, options, _is_wanted):
        if isinstance(source, Skipped):
            yield source
        elif not isinstance(source, NotEvidence):
            yield from _of_file(source)


def _is_wanted(path: str, head: bytes) -> bool:
    return is_report(head) or registry.identify(path, head) is not None


def _of_file(source: Source) -> Iterator[Report | Skipped]:
    if is_report(source.head):
        try:
            with source.open() as file:
                data = file.read(MAX_FILE_BYTES + 1)
        except (OSError, EvidenceError) as error:
            yield Skipped(source.path, None, f"the report could not be read: {error}")
            return
        yield from _of_data(source.path, data)
        return
    for read in registry.messages(source):
        if isinstance(read, Skipped):
            yield read
        else:
            yield from _of_message(*read)


def _of_message(path: str, message: Message) -> Iterator[Report | Skipped]:
    budget = Budget()
    for part in message.parts:
        for file in explode(part.path, part.names, part.content, budget):
            if is_report(file.data):
                yield from _of_data(f"{path}!{file.path}", file.data)


def _of_data(path: str, data: bytes) -> Iterator[Report | Skipped]:
    if len(data) > MAX_FILE_BYTES:
        reason = f"only the first {MAX_FILE_BYTES:,} bytes of the report were read"
        yield Skipped(path, MAX_FILE_BYTES, reason)
    try:
        report = read_report(data[:MAX_FILE_BYTES])
    except ValueError as error:
        yield Skipped(path, None, f"no readable DMARC report: {error}")
        return
    yield report
    if report.unreadable:
        yield Skipped(path, None, "records that cannot be read", report.unreadable)
