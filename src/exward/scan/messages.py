"""Mail from paths to verdicts: find, read, judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from exward import __version__
from exward.engines import local
from exward.evidence.discover import discover
from exward.evidence.found import NotEvidence
from exward.evidence.options import EvidenceOptions
from exward.evidence.spool import spool_folder
from exward.mail.history.store import History
from exward.mail.settings import MailSettings
from exward.mail.stores import registry
from exward.mail.stores.interface import Stored
from exward.model.message import MailResult, MessageVerdict
from exward.model.skipped import Skipped
from exward.scan import mail_work
from exward.scan.mail_advisers import PLAIN, MailOptions
from exward.scan.mail_work import Setup, Task

LIMITS = local.Limits(silence_s=180.0)
"""ClamAV, the DNS and the user's rules may each take their time over one message."""


def check_mail(
    paths: Sequence[str],
    settings: MailSettings,
    options: MailOptions = PLAIN,
    is_cancelled: Callable[[], bool] = lambda: False,
    told: Callable[[int], object] = lambda number: None,
) -> MailResult:
    """Judge every message below the paths; raises EvidenceError if a path does not exist.

    Each message is judged in a process that it may kill without harm to others, and the result is
    in the order in which they were found. `told` hears how many were judged, after each.
    """
    if options.history:  # complaints before a message is read
        History(options.history, learns=options.learns).close()
    with spool_folder() as folder:
        finding = _Finding(is_cancelled)
        evidence = EvidenceOptions(spool_dir=folder, password=options.password)
        done = local.run(
            Setup(settings, options),
            finding.tasks(paths, evidence),
            mail_work.work,
            0 if options.learns else options.jobs or local.cores(),
            finding,
            LIMITS,
        )
        try:
            for number, result in enumerate(done, start=1):
                finding.take(result)
                told(number)
        finally:
            mail_work.close()
    return finding.result()


class _Finding:
    """What was found so far, each with its place among all; tells the processes when to stop."""

    def __init__(self, is_cancelled: Callable[[], bool]) -> None:
        self.cancelled = is_cancelled
        self._messages: list[tuple[int, MessageVerdict]] = []
        self._skipped: list[tuple[int, Skipped]] = []
        self._number = self._others = 0

    def advanced(self, size_bytes: int, records: int) -> None:
        """Messages are counted when they are done."""

    def tasks(self, paths: Sequence[str], options: EvidenceOptions) -> Iterator[Task]:
        for found in _each(paths, options):
            self._number += 1
            if isinstance(found, Stored):
                yield Task(self._number, found)
            elif isinstance(found, Skipped):
                self._skipped.append((self._number, found))
            else:
                self._others += 1
            if self.cancelled():
                return

    def take(self, result: local.Done[Task] | local.Lost[Task]) -> None:
        number, path = result.task.number, result.task.stored.path
        if isinstance(result, local.Lost):
            self._skipped.append((number, Skipped(path, None, f"not judged: {result.reason}", 1)))
            return
        told = mail_work.read(result.data)
        self._messages += [(number, one) for one in told.verdicts]
        self._skipped += [(number, one) for one in told.skipped]

    def result(self) -> MailResult:
        return MailResult(
            __version__,
            tuple(one for _, one in sorted(self._messages, key=lambda told: told[0])),
            tuple(one for _, one in sorted(self._skipped, key=lambda told: told[0])),
            self._others,
            self.cancelled(),
        )


def _each(
    paths: Sequence[str], options: EvidenceOptions
) -> Iterator[Stored | Skipped | NotEvidence]:
    for source in discover(paths, options, is_mail):
        if isinstance(source, Skipped | NotEvidence):
            yield source
            continue
        store = registry.identify(source.path, source.head)
        if store is None:
            yield NotEvidence(source.path)
        else:
            yield from store.read(source)


def is_mail(path: str, head: bytes) -> bool:
    """Whether a file holds mail of any kind of store."""
    return registry.identify(path, head) is not None
