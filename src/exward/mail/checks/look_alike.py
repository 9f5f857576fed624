"""Domains that look like one's own or a known company's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.mail.brands import brand_labels, brand_of
from exward.mail.domains import is_near, label, organisation, plain_host, skeleton
from exward.mail.facts import Facts
from exward.mail.signs import PHISHING, Sign, hint
from exward.mail.urls import is_free_mail

TITLE = "A domain looks like one of ours or of a known company"
CLASS = PHISHING


def find(facts: Facts) -> Iterator[Sign]:
    """Look at the domains of sender, answers and links."""
    own = facts.settings.own_domains
    seen: set[str] = set()
    for place, host, weight in _places(facts):
        whole = organisation(host)
        if not whole or whole in seen or whole in own or is_free_mail(whole):
            continue
        seen.add(whole)
        why, points = next(_likeness(host, own), ("", 0.0))
        if points:
            yield Sign(points * weight, f"{place} {plain_host(whole)} {why}.", host)
        elif why:
            yield hint("domain near a company's", f"{place} {plain_host(whole)} {why}.", host)


def _places(facts: Facts) -> Iterator[tuple[str, str, float]]:
    yield "The sender's domain", facts.sender.domain, 1.0
    yield "The domain for answers", facts.reply_to.domain, 1.0
    for host in sorted({link.target.host for link in facts.links})[:100]:
        yield "The linked domain", host, 0.6


def _likeness(host: str, own: frozenset[str]) -> Iterator[tuple[str, float]]:
    """What a domain is like, with points; without where honest domains are like it as well."""
    name, whole = label(host), organisation(host)
    for domain in sorted(own):
        yield from _like_ours(name, label(domain), domain)
    if brand_of(whole) is not None:
        return
    for known in _candidates(name, host):
        if skeleton(name) == skeleton(known) and name != known:
            yield f"is drawn like the name of {known!r}", 2.0
        elif is_near(name, known) and len(known) >= 6:
            yield f"differs from the name of {known!r} by one letter", 0.0
        elif known in re.split(r"[^a-z0-9]+", host) and name != known:
            yield f"has the name of {known!r} in front of a foreign domain", 0.0


def _like_ours(name: str, mine: str, domain: str) -> Iterator[tuple[str, float]]:
    if name == mine:
        yield f"has the name of our {domain} under another ending", 3.0
    elif skeleton(name) == skeleton(mine):
        yield f"is drawn like our {domain}", 6.0
    elif is_near(skeleton(name), skeleton(mine)):
        yield f"differs from our {domain} by one letter", 5.0
    elif len(mine) >= 5 and mine in re.split(r"[^a-z0-9]+", name):
        yield f"contains the name of our {domain}", 3.0


def _candidates(name: str, host: str) -> list[str]:
    return [known for known in brand_labels()
            if known[0] in {name[:1], skeleton(name)[:1]} or known in host]  # fmt: skip
