"""Which message it is, whom it is for and when it came, as its headers tell.

Only the topmost Received header is by a server that the reader of the mail trusts; all else can be
written by the sender. Source: RFC 5322 sections 3.6.4 and 3.6.7.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from exward.mail.addresses import addresses_in
from exward.mail.mime.message import Message

MAX_RECIPIENTS = 100
MAX_ID = 300
_ID = re.compile(r"<[^<>\s]{1,298}>")
_TO = ("delivered-to", "x-original-to", "envelope-to", "to", "cc", "bcc")


def message_id(message: Message) -> str:
    """The Message-ID with its angle brackets, as message tracking logs it; "" without one."""
    found = _ID.search(message.first("message-id")[: 2 * MAX_ID])
    return found[0] if found else ""


def recipients(message: Message) -> tuple[str, ...]:
    """The addresses that its headers name as recipients, lower case, those of the server first."""
    named = [
        address
        for name in _TO
        for value in message.all(name)[:MAX_RECIPIENTS]
        for address in addresses_in(value)
    ]
    return tuple(dict.fromkeys(named))[:MAX_RECIPIENTS]


def arrived(message: Message) -> int | None:
    """When the last server took it, else when it says it was written; µs since 1970 UTC."""
    taken = _time(message.first("received").rpartition(";")[2])
    return _time(message.first("date")) if taken is None else taken


def _time(text: str) -> int | None:
    try:
        moment = parsedate_to_datetime(text.strip()[:200])
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return int((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * 1_000_000
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
