"""A link that shows one address and leads to another."""

from __future__ import annotations

from collections.abc import Iterator

from exward.mail.brands import brand_of
from exward.mail.domains import hosts_in, organisation
from exward.mail.facts import Facts, SeenLink
from exward.mail.signs import PHISHING, Sign, hint
from exward.mail.urls import is_redirector

TITLE = "A link shows one address and leads to another"
CLASS = PHISHING
MAX_SIGNS = 3


def find(facts: Facts) -> Iterator[Sign]:
    """Compare what stands for each link with where it leads."""
    found = 0
    for link in facts.links:
        shown = _shown(link)
        if not shown or _is_harmless(facts, link, shown):
            continue
        why = f"A link shows {shown} and leads to {link.target.host}."
        if brand_of(shown) is not None and not found:
            yield Sign(2.0, why, link.url.text[:300])
        else:
            yield hint("other address shown", why, link.url.text[:300])
        found += 1
        if found >= MAX_SIGNS:
            return


def _shown(link: SeenLink) -> str:
    """The host that a link shows; empty if it shows none, or more than an address."""
    text = link.text.strip()
    if "." not in text or len(text) > 200 or " " in text or "@" in text:
        return ""
    hosts = hosts_in(text)
    return hosts[0] if len(hosts) == 1 else ""


def _is_harmless(facts: Facts, link: SeenLink, shown: str) -> bool:
    """Same owner, or a mass mailer's own counter of clicks in mail from the domain shown."""
    real = organisation(link.target.host)
    if organisation(shown) == real or is_redirector(link.target.host) or is_redirector(shown):
        return True
    one, other = brand_of(shown), brand_of(real)
    same_company = one is not None and other is not None and (one.owns(real) or other.owns(shown))
    return same_company or organisation(shown) == facts.sender.organisation
