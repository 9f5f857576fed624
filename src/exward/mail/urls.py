"""Web addresses in mail: what they really lead to, whatever they are dressed in."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass
from ipaddress import IPv4Address
from urllib.parse import parse_qsl, unquote

from exward.mail.data_files import data_file
from exward.mail.domains import organisation, unicode_host

MAX_URL = 4000
_SPLIT = re.compile(r"(https?|ftp|file):[/\\]{0,4}([^/\\?#]*)(.*)", re.IGNORECASE | re.DOTALL)
_IN_TEXT = re.compile(r"(?:https?://|www\.)[^\s<>\"'\x00-\x1f\u00a0]{3,2000}", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x20\u200b-\u200f\ufeff]")
_DEFENSE = re.compile(r"/v3/__(.+?)__;", re.DOTALL)
_AMP = re.compile(r"/amp/(?:s/)?([\w-]{1,63}(?:\.[\w-]{1,63})+(?:/.*)?$)", re.DOTALL)
"""Google leads on to any host that stands so in the path."""
_HEX_URL = re.compile(r"-3A__?([\w.-]{4,200})")


@dataclass(frozen=True, slots=True)
class Url:
    """A web address; `host` in lower case, Unicode where it was punycode."""

    text: str
    scheme: str
    host: str
    rest: str
    user: str = ""
    port: str = ""
    is_ip: bool = False

    @property
    def organisation(self) -> str:
        """The registrable domain of the host."""
        return organisation(self.host)


def parse_url(text: str) -> Url | None:
    """Read an address as browsers do: blanks dropped, backslashes turned; None: no web link."""
    plain = _CONTROL.sub("", text[:MAX_URL])
    match = _SPLIT.match(plain)
    if match is None:
        return None
    authority = unquote(match[2])
    user, _, place = authority.rpartition("@")
    host, _, port = place.partition(":") if not place.startswith("[") else (place, "", "")
    name = unicode_host(host.strip(".").lower())
    address = _ipv4(name)
    is_ip = bool(address) or name.startswith("[")
    return Url(plain, match[1].lower(), address or name, match[3], user, port, is_ip)


def _ipv4(host: str) -> str:
    """An IPv4 address in dotted form from any notation that browsers take; empty for a name."""
    pieces = host.split(".")
    if len(pieces) > 4 or not host or not all(re.fullmatch(r"0x[0-9a-f]+|\d+", p) for p in pieces):
        return ""
    try:
        numbers = [int(p, 16 if p[:2] == "0x" else 8 if len(p) > 1 and p[0] == "0" else 10)
                   for p in pieces]  # fmt: skip
        total = numbers[-1]
        for place, number in enumerate(numbers[:-1]):
            total += number << (24 - 8 * place)
        return str(IPv4Address(total))
    except ValueError:
        return ""


def urls_in(text: str, limit: int = 500) -> list[str]:
    """The web addresses in a plain text."""
    if "://" not in text and "www." not in text.lower():
        return []
    found = []
    for match in _IN_TEXT.finditer(text):
        url = match[0].rstrip(".,;:!?)]}>'")
        found.append(url if url[:4].lower() != "www." else f"http://{url}")
        if len(found) >= limit:
            break
    return found


def target(url: Url) -> Url:
    """Where a link leads in the end, if an address inside of it says so (redirectors, scanners)."""
    seen = url
    for _ in range(4):
        inner = _inside(seen)
        if inner is None or inner.host == seen.host:
            return seen
        seen = inner
    return seen


def _inside(url: Url) -> Url | None:
    defended = _DEFENSE.search(url.rest)
    if defended:
        return parse_url(defended[1])
    _, _, query = url.rest.partition("?")
    for name, value in parse_qsl(query.partition("#")[0], max_num_fields=None)[:50]:
        if value[:4].lower() == "http" and is_redirector(url.host):
            return parse_url(value)
        hexed = _HEX_URL.search(value) if name == "u" else None
        if hexed and url.host.endswith("proofpoint.com"):
            return parse_url("http://" + hexed[1])
    return _in_path(url)


def _in_path(url: Url) -> Url | None:
    path = unquote(url.rest)
    amp = _AMP.match(path) if is_redirector(url.host) else None
    if amp:
        return parse_url(f"https://{amp[1]}")
    at = path.lower().find("http", 1)
    if at < 0 or not is_redirector(url.host):
        return _in_base64(url)
    return parse_url(path[at:])


def _in_base64(url: Url) -> Url | None:
    coded = re.search(r"aHR0c[A-Za-z0-9+/_-]{8,}", url.rest)
    if coded is None:
        return None
    text = coded[0].replace("-", "+").replace("_", "/")
    try:
        data = binascii.a2b_base64(text[: len(text) - len(text) % 4])
    except binascii.Error:
        return None
    return parse_url(data.decode("utf-8", "replace"))


def is_redirector(host: str) -> bool:
    """Whether links to a host are known to lead elsewhere."""
    return _listed(host, "redirectors") or _listed(host, "shorteners")


def is_shortener(host: str) -> bool:
    """Whether a host hides where its links lead."""
    return _listed(host, "shorteners")


def is_cheap(host: str) -> bool:
    """Whether a domain's ending costs next to nothing."""
    return _listed(host, "cheap_endings")


def is_open_host(host: str) -> bool:
    """Whether anybody can put a page or file under this host."""
    return _listed(host, "open_hosts")


def is_free_mail(domain: str) -> bool:
    """Whether anybody can have an address in this domain."""
    return _listed(domain, "free_mail")


def _listed(host: str, name: str) -> bool:
    listed = data_file("services.toml")[name]
    parts = host.split(".")
    return any(".".join(parts[start:]) in listed for start in range(len(parts)))
