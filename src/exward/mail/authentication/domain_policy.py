"""DMARC (RFC 7489): does the domain of From vouch for the message, and what does it wish if not.

The libraries for it bring public suffixes of their own that are years old; here the same list
decides as for every other domain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from exward.mail.authentication.resolver import LookupFailedError, Resolver
from exward.mail.domains import organisation

POLICIES = ("none", "quarantine", "reject")
_START = re.compile(rb"\s*v\s*=\s*DMARC1\s*(?:;|$)")


@dataclass(frozen=True, slots=True)
class Policy:
    """A DMARC record."""

    wish: str
    strict_dkim: bool
    strict_spf: bool


def check_dmarc(
    domain: str, spf: tuple[str, str], dkim: tuple[tuple[str, str], ...], resolver: Resolver
) -> tuple[str, str]:
    """Result and wish for the domain of From; `spf` and `dkim` are results with their domains."""
    if not domain:
        return "none", ""
    try:
        policy = find_policy(domain, resolver)
    except LookupFailedError:
        return "temperror", ""
    if policy is None:
        return "none", ""
    by_spf = spf[0] == "pass" and _aligned(spf[1], domain, policy.strict_spf)
    by_dkim = any(result == "pass" and _aligned(signer, domain, policy.strict_dkim)
                  for result, signer in dkim)  # fmt: skip
    if by_spf or by_dkim:
        return "pass", policy.wish
    if spf[0] == "temperror" or any(result == "temperror" for result, _ in dkim):
        return "temperror", policy.wish
    return "fail", policy.wish


def find_policy(domain: str, resolver: Resolver) -> Policy | None:
    """The record of a domain, or that of the organisation above it (RFC 7489, 6.6.3)."""
    own = _record(domain, resolver)
    if own is not None:
        return _policy(own, is_below=False)
    above = organisation(domain)
    if above == domain:
        return None
    record = _record(above, resolver)
    return None if record is None else _policy(record, is_below=True)


def _record(domain: str, resolver: Resolver) -> dict[str, str] | None:
    records = [one for one in resolver.lookup(f"_dmarc.{domain}", "TXT") if _START.match(one)]
    if len(records) != 1:
        return None
    pairs = (part.partition("=") for part in records[0].decode("utf-8", "replace").split(";"))
    return {name.strip().lower(): value.strip().lower() for name, _, value in pairs}


def _policy(tags: dict[str, str], *, is_below: bool) -> Policy | None:
    wish = tags.get("sp", tags.get("p", "")) if is_below else tags.get("p", "")
    if wish not in POLICIES:
        if "rua" not in tags:
            return None
        wish = "none"
    return Policy(wish, tags.get("adkim") == "s", tags.get("aspf") == "s")


def _aligned(one: str, domain: str, is_strict: bool) -> bool:
    if is_strict:
        return one.lower().rstrip(".") == domain
    return bool(one) and organisation(one) == organisation(domain)
