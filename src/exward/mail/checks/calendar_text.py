"""Calendar invitations, which calendars show on their own, as bait."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.mail.brands import brand_of
from exward.mail.claims import is_carrier
from exward.mail.domains import organisation
from exward.mail.facts import Facts
from exward.mail.language.phrases import phrases_in
from exward.mail.mime.words import decode_text
from exward.mail.signs import PHISHING, Sign
from exward.mail.urls import is_open_host, parse_url, target, urls_in

TITLE = "A calendar invitation asks for account data"
CLASS = PHISHING
MAX_CALENDARS = 5
MAX_BYTES = 200_000
_BEGIN = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,100}BEGIN:VCALENDAR", re.IGNORECASE)
_TOLD = re.compile(
    r"^(?:SUMMARY|DESCRIPTION|LOCATION|X-ALT-DESC|COMMENT|URL|ATTACH)\b[^:]{0,200}:(.*)$",
    re.MULTILINE | re.IGNORECASE,
)


def find(facts: Facts) -> Iterator[Sign]:
    """Read what invitations say (RFC 5545) as the text of the message is read."""
    for data in _calendars(facts)[:MAX_CALENDARS]:
        text = _text(data)
        asked = phrases_in(text.casefold()).get("credential", [])
        hosts = [host for host in _hosts(text) if not _is_harmless(facts, host)]
        if asked and hosts:
            why = f"A calendar invitation asks for account data and links to {hosts[0]}."
            yield Sign(5.0, why, "; ".join(asked[:3]))
            return


def _calendars(facts: Facts) -> list[bytes]:
    found = [content for part in facts.message.parts if part.media_type == "text/calendar"
             for content in part.contents[:1]]  # fmt: skip
    found += [file.data for file in facts.files if _BEGIN.match(file.data)]
    return list(dict.fromkeys(found))


def _text(data: bytes) -> str:
    lines = re.sub(r"\r?\n[ \t]", "", decode_text(data[:MAX_BYTES])).replace("\r\n", "\n")
    told = "\n".join(match[1] for match in _TOLD.finditer(lines))
    return re.sub(r"\\[nN]", "\n", told).replace("\\,", ",").replace("\\;", ";")


def _hosts(text: str) -> list[str]:
    urls = [parse_url(one) for one in urls_in(text, 50)]
    return [target(one).host for one in urls if one is not None and one.host]


def _is_harmless(facts: Facts, host: str) -> bool:
    """Our own, a known company's (meetings), or a carrier of newsletters."""
    whole = organisation(host)
    own = whole in facts.settings.own_domains
    return own or is_carrier(host) or (brand_of(host) is not None and not is_open_host(host))
