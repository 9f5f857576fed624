"""What is learned of a message: only one that was delivered, from a sender who may be that one."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime

from exward.mail.addresses import addresses_in, parse_mailbox
from exward.mail.authentication.results import told_by
from exward.mail.history.store import History
from exward.mail.known import Known
from exward.mail.mime.message import Message
from exward.mail.settings import MailSettings
from exward.model.message import Disposal, MessageVerdict


def recipients_of(message: Message, known: Known) -> tuple[str, ...]:
    """The envelope's recipients; where nobody knows them, those that the headers name."""
    if known.recipients:
        return known.recipients
    named = (addresses_in(value) for name in ("to", "cc") for value in message.all(name))
    return tuple(address for addresses in named for address in addresses)


def learn(
    history: History,
    message: Message,
    verdict: MessageVerdict,
    known: Known,
    settings: MailSettings,
) -> None:
    """Note the sender of a message; nothing of one that is not delivered or not authentic."""
    checked = known.authentication or told_by(
        message.all("authentication-results"), settings.trusted_authserv_ids
    )
    froms = message.all("from")
    if verdict.verdict is not Disposal.DELIVER or len(froms) != 1:
        return
    if checked is not None and checked.dmarc == "fail":
        return
    sender = parse_mailbox(froms[0])
    if sender.organisation in settings.own_domains:
        return
    history.learn(sender, recipients_of(message, known), known.time or _date(message))


def _date(message: Message) -> int:
    """When a stored message was written, as it says itself; never in the future."""
    now = int(time.time())
    try:
        return min(now, max(0, int(parsedate_to_datetime(message.first("date")).timestamp())))
    except (ValueError, TypeError, IndexError, OverflowError):
        return now
