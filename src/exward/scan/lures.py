"""Harmful messages in the evidence: read and judged, or told by verdicts that were saved.

A worker does one file; everything it takes and gives is plain values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from exward.mail import saved_verdicts
from exward.mail.addresses import parse_mailbox
from exward.mail.settings import MailSettings
from exward.mail.signs import BEC, MALWARE, PHISHING
from exward.mail.stores import registry
from exward.mail.verdict import judge
from exward.model.message import Disposal, MessageVerdict
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.scan.tasks import Lure, Reporter

LURING = frozenset({PHISHING, MALWARE, BEC})
"""Classes of mail that take somebody in; spam does not."""
MAX_MESSAGES = 5_000
"""Messages judged of one file: at some 20 ms each, that is what a scan can wait for."""
MAX_LURES = 5_000
"""Harmful messages that are looked for in message tracking, of all evidence."""
MAX_WHY = 3


class Read(msgspec.Struct):
    """What one file of mail gave: how many messages, which of them are harmful, what was lost."""

    messages: int = 0
    lures: list[Lure] = []
    skipped: list[Skipped] = []


def is_mail(path: str, head: bytes) -> bool:
    """Whether a file holds messages, or verdicts on messages."""
    return saved_verdicts.recognises(head) or registry.identify(path, head) is not None


def read(source: Source, reporter: Reporter) -> Read:
    """Judge every message of a file, or read what was said of them."""
    found = Read(lures=[], skipped=[])
    for item in _each(source):
        if isinstance(item, Skipped):
            found.skipped.append(item)
            continue
        position, is_saved, verdict = item
        found.messages += 1
        if _is_luring(verdict):
            found.lures.append(_lure(verdict, (source.path, position), is_saved=is_saved))
        reporter.advanced(0, 1)
        if found.messages >= MAX_MESSAGES and not is_saved:
            reason = f"only the first {MAX_MESSAGES:,} messages were judged: give the verdicts of "
            reason += "`exward mail check --format jsonl` with --mail-verdicts"
            found.skipped.append(Skipped(source.path, position, reason, 1))
            break
        if reporter.cancelled():
            break
    found.lures = kept(found.lures)
    return found


def kept(lures: Iterable[Lure]) -> list[Lure]:
    """Of too many those that did come in: what a filter held goes first, then what is older."""
    return sorted(lures, key=_order)[:MAX_LURES]


def _each(source: Source) -> Iterator[tuple[int, bool, MessageVerdict] | Skipped]:
    """Position, whether it was saved, and verdict of each message."""
    if saved_verdicts.recognises(source.head):
        for saved in saved_verdicts.read(source):
            yield saved if isinstance(saved, Skipped) else (saved[0], True, saved[1])
        return
    settings = MailSettings()
    for number, item in enumerate(registry.messages(source), 1):
        if isinstance(item, Skipped):
            yield item
        else:
            yield number, False, judge(item[1], item[0], settings)


def _is_luring(verdict: MessageVerdict) -> bool:
    return verdict.verdict is not Disposal.DELIVER and not LURING.isdisjoint(verdict.classes)


def _lure(verdict: MessageVerdict, place: tuple[str, int], *, is_saved: bool) -> Lure:
    reasons = [one for one in verdict.reasons if one.weight > 0][:MAX_WHY]
    return Lure(
        file=place[0],
        position=place[1],
        is_saved=is_saved,
        message_id=verdict.message_id,
        sender=parse_mailbox(verdict.sender).address,
        subject=verdict.subject,
        recipients=verdict.recipients,
        time=verdict.time,
        verdict=verdict.verdict.value,
        score=verdict.score,
        mail_class=next(name for name in verdict.classes if name in LURING),
        why=" ".join(one.why for one in reasons),
    )


def _order(lure: Lure) -> tuple[bool, int, str, int]:
    is_held = lure.is_saved and lure.verdict != Disposal.TAG.value
    return is_held, -(lure.time or 0), lure.file, lure.position
