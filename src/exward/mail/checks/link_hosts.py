"""Links whose host hides something: numbers, punycode, user names, services open to anybody."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from exward.mail.brands import brand_labels, brand_of
from exward.mail.domains import organisation, skeleton
from exward.mail.facts import Facts, SeenLink
from exward.mail.signs import PHISHING, Sign, hint
from exward.mail.urls import is_open_host, is_shortener

TITLE = "A link leads to a host that hides who is behind it"
CLASS = PHISHING


def find(facts: Facts) -> Iterator[Sign]:
    """Look at every host once, the worst of each kind counts."""
    asks = bool(facts.said.get("credential"))
    seen: dict[str, Sign] = {}
    for link in facts.links:
        for kind, sign in _traits(link, asks):
            if kind not in seen or seen[kind].weight < sign.weight:
                seen[kind] = sign
    yield from (seen[kind] for kind in sorted(seen))


def _is_public(host: str) -> bool:
    """Addresses of private networks stand in the mail of those who run them."""
    try:
        return ip_address(host.strip("[]")).is_global
    except ValueError:
        return False


def _traits(link: SeenLink, asks: bool) -> Iterator[tuple[str, Sign]]:
    url, host = link.url, link.target.host
    quote = url.text[:300]
    if link.target.is_ip and _is_public(host):
        yield "ip", hint("number as host", "A link leads to a number instead of a name.", quote)
    if host != skeleton(host) and not host.isascii() and brand_of(host) is None:
        known = next((one for one in brand_labels() if one in skeleton(host)), "")
        if known:
            yield "idn", Sign(5.0, f"A link's host only looks like {known!r}.", quote)
    if url.user and "." in url.user:
        yield "user", Sign(4.0, "A link shows a host before an @ that it does not lead to.", quote)
    if url.port.isdigit() and url.port not in {"80", "443"} and link.source == "html":
        yield "port", hint("unusual port", f"A link leads to the unusual port {url.port}.", quote)
    if is_shortener(link.target.host) and asks:
        why = "A request for account data hides its link's target."
        yield "short", hint("data through a shortener", why, quote)
    if is_open_host(host) and asks:
        place = f"{organisation(host)}, where anybody can put a page"
        why = f"A request for account data links to {place}."
        yield "open", hint("data on an open host", why, quote)
    if link.source == "qr":
        why = f"A picture holds a QR code that leads to {host}."
        yield "qr", Sign(1.5, why, quote)
    if url.host != link.target.host and brand_of(url.host) and not brand_of(host) and asks:
        why = f"A link goes through {url.host} to {host}."
        yield "through", hint("data through a company", why, quote)
