"""Whether a message is a company's own: what claims are held against."""

from __future__ import annotations

from exward.mail.brands import Brand
from exward.mail.domains import organisation
from exward.mail.facts import Facts
from exward.mail.urls import is_redirector

_SOCIAL = frozenset({"facebook.com", "instagram.com", "twitter.com", "x.com", "youtube.com",
                     "linkedin.com", "pinterest.com", "tiktok.com", "w3.org", "threads.net",
                     "apple.com", "google.com"})  # fmt: skip
"""Where the feet of honest newsletters lead as well."""


def is_theirs(facts: Facts, brand: Brand) -> bool:
    """Sent by the company, or every link leads to it or to a carrier of newsletters.

    Whoever fakes the company needs one link of their own.
    """
    if facts.sender.domain and brand.owns(facts.sender.domain):
        return True
    hosts = clicked_hosts(facts)
    owned = [brand.owns(host) for host in hosts]
    return any(owned) and all(
        mine or is_carrier(host) for mine, host in zip(owned, hosts, strict=True)
    )


def clicked_hosts(facts: Facts) -> list[str]:
    """The hosts that links of the HTML, of attachments and of QR codes lead to."""
    return [link.target.host for link in facts.links if link.source != "text"]


def is_carrier(host: str) -> bool:
    """Whether newsletters of all senders link to a host: counters of clicks, social networks."""
    return is_redirector(host) or organisation(host) in _SOCIAL
