"""Mail from paths to verdicts: find, read, judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from exward import __version__
from exward.evidence.discover import discover
from exward.evidence.found import NotEvidence
from exward.evidence.options import EvidenceOptions
from exward.evidence.spool import spool_folder
from exward.mail.authentication.check import authenticate
from exward.mail.authentication.resolver import Resolver
from exward.mail.settings import MailSettings
from exward.mail.stores import registry
from exward.mail.verdict import judge
from exward.model.message import MailResult, MessageVerdict
from exward.model.skipped import Skipped


def check_mail(
    paths: Sequence[str],
    settings: MailSettings,
    password: str | None = None,
    resolver: Resolver | None = None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> MailResult:
    """Judge every message below the paths; raises EvidenceError if a path does not exist.

    With a resolver, DKIM, ARC and DMARC are checked; else nothing is looked up.
    """
    messages: list[MessageVerdict] = []
    skipped: list[Skipped] = []
    others = 0
    with spool_folder() as folder:
        options = EvidenceOptions(spool_dir=folder, password=password)
        for found in _each(paths, settings, options, resolver):
            if isinstance(found, MessageVerdict):
                messages.append(found)
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
    resolver: Resolver | None,
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
            checked = None
            if resolver is not None and message.raw:
                checked = authenticate(message, message.raw, resolver, None)
            yield judge(message, path, settings, checked)


def is_mail(path: str, head: bytes) -> bool:
    """Whether a file holds mail of any kind of store."""
    return registry.identify(path, head) is not None
