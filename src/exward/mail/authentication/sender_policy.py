"""SPF (RFC 7208) by pyspf, with a resolver of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

import spf

from exward.mail.authentication.resolver import LookupFailedError, Resolver

_RESOLVER: ContextVar[Resolver] = ContextVar("resolver")
MAX_LABEL = 63


def check_spf(client: str, helo: str, mail_from: str, resolver: Resolver) -> tuple[str, str]:
    """Result and domain: whether this client may send for the envelope's sender.

    `client` is an IP address; an empty `mail_from` (a bounce) is judged by `helo`.
    """
    token = _RESOLVER.set(resolver)
    try:
        query = spf.query(client, mail_from, helo, strict=True, querytime=0)
        result, _, _ = query.check()
        domain = (mail_from.rpartition("@")[2] or helo).lower()
    except (spf.PermError, ValueError, IndexError, OSError, UnicodeError):
        return "permerror", ""  # of an address that is none
    except spf.TempError:
        return "temperror", ""
    finally:
        _RESOLVER.reset(token)
    return str(result).lower(), domain


def _lookup(name: str, kind: str, strict: bool = True, timeout: float = 0) -> Iterator[Any]:
    """What pyspf asks the DNS with: its module takes one function for all queries."""
    del strict, timeout  # the resolver has its own
    if any(len(label) > MAX_LABEL for label in name.split(".")):
        raise spf.TempError("a DNS label is too long")
    resolver = _RESOLVER.get()
    try:
        for record in resolver.lookup(name, kind):
            yield (name, kind), _value(kind, record)
        if kind != "CNAME":
            for target in resolver.lookup(name, "CNAME"):
                yield (name, "CNAME"), target.decode("ascii", "replace")
    except LookupFailedError as error:
        raise spf.TempError(f"DNS: {error}") from error


def _value(kind: str, record: bytes) -> object:
    if kind == "TXT":
        return (record,)
    text = record.decode("ascii", "replace")
    if kind == "MX":
        preference, _, host = text.partition(" ")
        return (int(preference), host)
    return text


spf.DNSLookup = _lookup
