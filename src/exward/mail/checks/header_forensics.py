"""Headers that no mail program writes so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from exward.mail.addresses import addresses_in
from exward.mail.domains import is_reserved
from exward.mail.facts import Facts
from exward.mail.signs import SPAM, Sign, hint

TITLE = "Headers are missing, impossible or those of mass mailers"
CLASS = SPAM
FIRST_YEAR = 1990
_ANSWER = re.compile(r"(?:re|aw|sv|antw|r|rv|res)\s*:", re.IGNORECASE)


def find(facts: Facts) -> Iterator[Sign]:
    """Look at Date, Message-ID, the thread and the addressees."""
    message = facts.message
    if not facts.sender.address or "@" not in facts.sender.address:
        yield hint("no sender", "The From header has no address.", message.first("from")[:200])
    yield from _date(message.first("date"))
    if not message.first("message-id"):
        yield hint("no message id", "There is no Message-ID.")
    answers = message.first("in-reply-to") or message.first("references")
    if _ANSWER.match(facts.subject) and not answers:
        why = "The subject is that of an answer, but it answers no message."
        yield hint("answer to nothing", why, facts.subject[:200])
    is_known = bool(facts.sender.address) and not is_reserved(facts.sender.domain)
    if is_known and facts.sender.address in addresses_in(message.first("to")):
        yield hint("to oneself", "Sender and addressee are the same.", facts.sender.address)


def _date(text: str) -> Iterator[Sign]:
    if not text:
        yield hint("no date", "There is no Date.")
        return
    try:
        sent = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        yield hint("unreadable date", "The Date cannot be read.", text[:100])
        return
    if not FIRST_YEAR <= sent.year <= datetime.now(UTC).year + 1:
        yield hint("impossible date", "The Date is impossible.", text[:100])
