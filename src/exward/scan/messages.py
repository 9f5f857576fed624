"""Mail from paths to verdicts: find, read, judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from exward import __version__
from exward.evidence.discover import discover
from exward.evidence.found import NotEvidence
from exward.evidence.options import EvidenceOptions
from exward.evidence.spool import spool_folder
from exward.mail.settings import MailSettings
from exward.mail.stores import registry
from exward.mail.verdict import judge
from exward.model.message import MailResult, MessageVerdict
from exward.model.skipped import Skipped
from exward.scan.mail_advisers import PLAIN, Advisers, MailOptions


def check_mail(
    paths: Sequence[str],
    settings: MailSettings,
    options: MailOptions = PLAIN,
    is_cancelled: Callable[[], bool] = lambda: False,
    told: Callable[[int], object] = lambda number: None,
) -> MailResult:
    """Judge every message below the paths; raises EvidenceError if a path does not exist.

    `told` hears how many were judged, after each.
    """
    messages: list[MessageVerdict] = []
    skipped: list[Skipped] = []
    others = 0
    with spool_folder() as folder, Advisers(settings, options) as advisers:
        evidence = EvidenceOptions(spool_dir=folder, password=options.password)
        for found in _each(paths, settings, evidence, advisers):
            if isinstance(found, MessageVerdict):
                messages.append(found)
                told(len(messages))
            elif isinstance(found, Skipped):
                skipped.append(found)
            else:
                others += 1
            if is_cancelled():
                break
    return MailResult(__version__, tuple(messages), tuple(skipped), others, is_cancelled())


def _each(
    paths: Sequence[str],
    settings: MailSettings,
    options: EvidenceOptions,
    advisers: Advisers,
) -> Iterator[MessageVerdict | Skipped | NotEvidence]:
    for source in discover(paths, options, is_mail):
        if isinstance(source, Skipped | NotEvidence):
            yield source
            continue
        store = registry.identify(source.path, source.head)
        if store is None:
            yield NotEvidence(source.path)
            continue
        for read in store.read(source):
            if isinstance(read, Skipped):
                yield read
                continue
            path, message = read
            known = advisers.ask(message)
            if known.scan is not None and known.scan.failed:
                yield Skipped(path, None, f"judged without ClamAV: {known.scan.failed}")
            verdict = judge(message, path, settings, known)
            advisers.learn(message, verdict, known)
            yield verdict


def is_mail(path: str, head: bytes) -> bool:
    """Whether a file holds mail of any kind of store."""
    return registry.identify(path, head) is not None
