"""A sender who uses a company's name from a domain that is not the company's."""

from __future__ import annotations

from collections.abc import Iterator

from exward.mail.brands import brand_of, brands_in
from exward.mail.claims import is_theirs
from exward.mail.facts import Facts
from exward.mail.signs import PHISHING, SPOOF, Sign, hint
from exward.mail.urls import is_free_mail

TITLE = "The sender claims to be a company whose domain it does not use"
CLASS = PHISHING


def find(facts: Facts) -> Iterator[Sign]:
    """Compare the companies that name and subject claim with the sender's domain and links."""
    domain = facts.sender.domain
    claimed = brands_in(facts.sender.name, in_name=True)
    if claimed and domain and not any(is_theirs(facts, one) for one in claimed):
        name = claimed[0].name
        if brand_of(domain) is None or is_free_mail(facts.sender.organisation):
            why = f"The sender calls itself {name!r}, but {domain} is not a domain of that company."
            yield hint(
                "foreign company as name", why, f"{facts.sender.name} <{facts.sender.address}>"
            )
    yield from _subject(facts)
    yield from _borrowed(facts)


def _subject(facts: Facts) -> Iterator[Sign]:
    """The subject speaks for a company, and neither sender nor links are its own."""
    claimed = brands_in(facts.subject)
    if claimed and not any(is_theirs(facts, one) for one in claimed):
        name = claimed[0].name
        why = f"The subject speaks for {name!r}; neither the sender nor all links are of it."
        yield hint("foreign company in subject", why, facts.subject[:300])


def _borrowed(facts: Facts) -> Iterator[Sign]:
    """The sender's address is a company's, and every link leads to others."""
    brand = brand_of(facts.sender.domain)
    if brand is None or is_free_mail(facts.sender.organisation) or not facts.links:
        return
    hosts = sorted({link.target.host for link in facts.links if link.source != "text"})
    asks = len(facts.said.get("credential", [])) >= 2 or facts.said.get("parcel")
    if hosts and asks and not any(brand.owns(host) for host in hosts):
        why = f"The address is of {brand.name!r}, but no link leads to a domain of that company."
        yield hint("company without its links", why, ", ".join(hosts[:5]), SPOOF)
