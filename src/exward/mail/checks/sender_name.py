"""A display name that is an address, or that hides which letters it is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.mail.addresses import addresses_in
from exward.mail.domains import organisation
from exward.mail.facts import Facts
from exward.mail.mime.words import decode_words
from exward.mail.signs import SPOOF, Sign, hint

TITLE = "The display name shows an address that is not the sender's"
CLASS = SPOOF
_INVISIBLE = re.compile(r"[\u00ad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


def find(facts: Facts) -> Iterator[Sign]:
    """Compare the name with the address behind it."""
    raw = decode_words(facts.message.first("from"))
    for shown in addresses_in(facts.sender.name)[:1]:
        other = organisation(shown.rpartition("@")[2])
        if facts.sender.domain and other != facts.sender.organisation:
            why = f"The display name shows {shown}, the message comes from {facts.sender.address}."
            yield hint("other address as name", why, raw[:300])
    if _INVISIBLE.search(raw):
        why = "The sender's name has invisible or direction-changing characters."
        yield hint("invisible in name", why, raw[:300])
