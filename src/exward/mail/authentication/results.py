"""What authentication says of a message, checked by ourselves or told by a server of our own."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

MAX_COMMENT_DEPTH = 10
_COMMENT = re.compile(r"\([^()]{0,1000}\)")
_METHOD = re.compile(r"^\s*([a-z][a-z-]{0,20})\s*(?:/\s*\d+\s*)?=\s*([a-z]{1,20})", re.IGNORECASE)
_PROPERTY = re.compile(r"\b(?:header|smtp|policy)\.([a-z-]{1,20})\s*=\s*\"?([^\s;\"]{1,300})")


@dataclass(frozen=True, slots=True)
class Authentication:
    """Results in the words of RFC 8601 (`pass`, `fail`, `none`, `temperror`, …)."""

    spf: str = "none"
    spf_domain: str = ""
    dkim: tuple[tuple[str, str], ...] = ()
    """Every signature: result and signing domain."""
    dmarc: str = "none"
    policy: str = ""
    """What the domain of From wishes for mail that fails: none, quarantine, reject."""
    arc: str = "none"

    @property
    def is_authentic(self) -> bool:
        """Whether the domain of From vouches for the message."""
        return self.dmarc == "pass"


def told_by(values: list[str], trusted: Collection[str]) -> Authentication | None:
    """Read the first Authentication-Results header if a server that is trusted wrote it.

    Only the topmost counts: our own server writes above everything that was sent. None if there
    is none, or if nobody is trusted: anybody can write such a header.
    """
    for value in values[:1]:
        if server_of(value) in trusted:
            return _read(_plain(value).split(";")[1:])
    return None


def server_of(value: str) -> str:
    """The server that a header says it is from, lower case, whatever its name is dressed in."""
    words = _plain(value).partition(";")[0].split()
    return words[0].strip('"').lower() if words else ""


def _plain(value: str) -> str:
    """A header's value without comments, which may stand in each other."""
    text = value[:20_000]
    for _ in range(MAX_COMMENT_DEPTH):
        text, found = _COMMENT.subn(" ", text)
        if not found:
            break
    return text


def _read(parts: list[str]) -> Authentication:
    spf, spf_domain, dmarc, policy, arc = "none", "", "none", "", "none"
    dkim: list[tuple[str, str]] = []
    for part in parts[:100]:
        method = _METHOD.match(part)
        if method is None:
            continue
        name, result = method[1].lower(), method[2].lower()
        given = {key.lower(): found for key, found in _PROPERTY.findall(part)}
        if name == "spf":
            spf = result
            spf_domain = given.get("mailfrom", given.get("helo", "")).rpartition("@")[2].lower()
        elif name == "dkim":
            domain = given.get("d", given.get("i", "").rpartition("@")[2])
            dkim.append((result, domain.lower()))
        elif name == "dmarc":
            dmarc, policy = result, given.get("dmarc", given.get("p", "")).lower()
        elif name == "arc":
            arc = result
    return Authentication(spf, spf_domain, tuple(dkim), dmarc, policy, arc)


def header_value(result: Authentication, server: str) -> str:
    """The value of an Authentication-Results header (RFC 8601) that says this."""
    parts = [f"spf={result.spf}{_property('smtp.mailfrom', result.spf_domain)}"]
    parts += [f"dkim={found}{_property('header.d', domain)}" for found, domain in result.dkim]
    parts.append(f"dmarc={result.dmarc}{_property('policy.dmarc', result.policy)}")
    parts.append(f"arc={result.arc}")
    return f"{server};\r\n\t" + ";\r\n\t".join(parts)


def _property(name: str, value: str) -> str:
    plain = re.sub(r"[^\w.-]", "", value)
    return f" {name}={plain}" if plain else ""
