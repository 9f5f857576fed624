"""Answers of the DNS: from the network, from a table, and kept for a while."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import Protocol

import dns.exception
import dns.resolver

KEEP_S = 300.0
KEEP_FAILURES_S = 30.0
MAX_KEPT = 20_000


class LookupFailedError(Exception):
    """The name servers do not answer; nobody can say whether the name exists."""


class Resolver(Protocol):
    """Asks for records of one kind (`A`, `AAAA`, `MX`, `PTR`, `TXT`, `CNAME`)."""

    def lookup(self, name: str, kind: str) -> list[bytes]:
        """The records of a name, [] if there are none; raises LookupFailedError.

        Addresses and names are text in ASCII, an MX is `preference host`, the strings of a TXT
        are joined.
        """


class TableResolver:
    """Answers from a table: for tests and for machines without network."""

    def __init__(self, table: Mapping[tuple[str, str], list[bytes]]) -> None:
        """Names in lower case without a dot at the end."""
        self._table = table

    def lookup(self, name: str, kind: str) -> list[bytes]:
        """As in `Resolver`."""
        return list(self._table.get((name.rstrip(".").lower(), kind), ()))


class NetworkResolver:
    """Asks the name servers that the system is set up with, or those given."""

    def __init__(self, timeout_s: float = 3.0, servers: list[str] | None = None) -> None:
        """`timeout_s` bounds one question with all its retries."""
        self._resolver = dns.resolver.Resolver(configure=servers is None)
        if servers is not None:
            self._resolver.nameservers = list(servers)
        self._timeout_s = timeout_s

    def lookup(self, name: str, kind: str) -> list[bytes]:
        """As in `Resolver`."""
        try:
            answer = self._resolver.resolve(name, kind, lifetime=self._timeout_s, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError, UnicodeError) as error:
            raise LookupFailedError(str(error)) from error
        if kind == "TXT":
            return [b"".join(record.strings) for record in answer]
        return [record.to_text().rstrip(".").encode() for record in answer]


class KeepingResolver:
    """Keeps answers of another for some minutes; safe for one thread at a time."""

    def __init__(self, inner: Resolver) -> None:
        """Start with nothing kept."""
        self._inner = inner
        self._kept: OrderedDict[tuple[str, str], tuple[float, list[bytes] | None]] = OrderedDict()

    def lookup(self, name: str, kind: str) -> list[bytes]:
        """As in `Resolver`."""
        key = (name.rstrip(".").lower(), kind)
        kept = self._kept.get(key)
        if kept is None or kept[0] < time.monotonic():
            kept = self._ask(key)
        if kept[1] is None:
            raise LookupFailedError(f"no answer for {name} a moment ago")
        return list(kept[1])

    def _ask(self, key: tuple[str, str]) -> tuple[float, list[bytes] | None]:
        now = time.monotonic()
        try:
            kept: tuple[float, list[bytes] | None] = (now + KEEP_S, self._inner.lookup(*key))
        except LookupFailedError:
            kept = (now + KEEP_FAILURES_S, None)
        self._kept[key] = kept
        if len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)
        return kept


def network_resolver() -> Resolver:
    """Asks the network and keeps the answers."""
    return KeepingResolver(NetworkResolver())
