"""All of it for one message."""

from __future__ import annotations

from dataclasses import dataclass

from exward.mail.addresses import parse_mailbox
from exward.mail.authentication.domain_policy import check_dmarc
from exward.mail.authentication.resolver import Resolver
from exward.mail.authentication.results import Authentication
from exward.mail.authentication.sender_policy import check_spf
from exward.mail.authentication.signatures import check_arc, check_dkim
from exward.mail.mime.message import Message


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who handed a message over: its address, its name for itself, the sender it gave."""

    client: str
    helo: str
    mail_from: str


def authenticate(
    message: Message, raw: bytes, resolver: Resolver, envelope: Envelope | None
) -> Authentication:
    """Check a message; without an envelope SPF is `none`."""
    spf = ("none", "")
    if envelope is not None and envelope.client:
        spf = check_spf(envelope.client, envelope.helo, envelope.mail_from, resolver)
    dkim = check_dkim(raw, resolver)
    froms = message.all("from")
    domain = parse_mailbox(froms[0]).domain if len(froms) == 1 else ""
    dmarc, wish = check_dmarc(domain, spf, dkim, resolver)
    return Authentication(spf[0], spf[1], dkim, dmarc, wish, check_arc(raw, resolver))
