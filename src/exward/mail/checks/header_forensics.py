"""Headers that no mail program writes so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from exward.mail.addresses import addresses_in
from exward.mail.domains import is_reserved
from exward.mail.facts import Facts
from exward.mail.signs import SPAM, Sign

TITLE = "Headers are missing, impossible or those of mass mailers"
CLASS = SPAM
FIRST_YEAR = 1990
_ANSWER = re.compile(r"(?:re|aw|sv|antw|r|rv|res)\s*:", re.IGNORECASE)


def find(facts: Facts) -> Iterator[Sign]:
    """Look at Date, Message-ID, the thread and the addressees."""
    message = facts.message
    if not facts.sender.address or "@" not in facts.sender.address:
        yield Sign(0.5, "The From header has no address.", message.first("from")[:200])
    yield from _date(message.first("date"))
    if not message.first("message-id"):
        yield Sign(0.2, "There is no Message-ID.", "")
    answers = message.first("in-reply-to") or message.first("references")
    if _ANSWER.match(facts.subject) and not answers:
        yield Sign(0.3, "The subject is that of an answer, but it answers no message.",
                   facts.subject[:200])  # fmt: skip
    is_known = bool(facts.sender.address) and not is_reserved(facts.sender.domain)
    if is_known and facts.sender.address in addresses_in(message.first("to")):
        yield Sign(0.4, "Sender and addressee are the same.", facts.sender.address)


def _date(text: str) -> Iterator[Sign]:
    if not text:
        yield Sign(0.2, "There is no Date.", "")
        return
    try:
        sent = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        yield Sign(0.2, "The Date cannot be read.", text[:100])
        return
    if not FIRST_YEAR <= sent.year <= datetime.now(UTC).year + 1:
        yield Sign(0.5, "The Date is impossible.", text[:100])
