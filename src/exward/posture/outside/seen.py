"""What was seen of one server from outside: plain values, made by `ask`, judged by `checks`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from exward.posture.inventory import BuildReading
from exward.posture.outside.address import PORT


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. `is_whole` False: it was longer than what is read of one, or broke off."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(default=b"", repr=False)
    is_whole: bool = True

    def values(self, name: str) -> tuple[str, ...]:
        """Every value of a header, in the order in which they came."""
        return tuple(value for key, value in self.headers if key.lower() == name.lower())

    def value(self, name: str) -> str:
        """The first value of a header; "" if it is not there."""
        return next(iter(self.values(name)), "")


@dataclass(frozen=True, slots=True)
class Certificate:
    """The server's own certificate. Times are aware, UTC; `digest` is its SHA-256 in hex.

    `key_bits` None: the kind of key has no such measure. `signed_with` "" where the signature
    has no hash of its own (Ed25519).
    """

    subject: str
    issuer: str
    names: tuple[str, ...]
    begins: datetime
    ends: datetime
    key: str
    key_bits: int | None
    signed_with: str
    is_self_issued: bool
    digest: str


@dataclass(frozen=True, slots=True)
class Tls:
    """What was agreed on, and what the server proves.

    `distrust` is OpenSSL's reason not to trust the certificate, "" if it is trusted, None if that
    could not be tried. `accepts`: by old protocol whether the server agrees to it; None: not known.
    """

    protocol: str
    cipher: str
    certificate: Certificate | None
    distrust: str | None
    accepts: Mapping[str, bool | None]


@dataclass(frozen=True, slots=True)
class Seen:
    """One server on one day (UTC). `replies` are by the endpoint's name, in order of asking."""

    server: str
    origin: str
    is_named: bool
    """Asked by a name; an IP address proves nothing about the names in a certificate."""
    day: date
    tls: Tls | None
    replies: Mapping[str, tuple[Reply, ...]]
    builds: tuple[BuildReading, ...] = ()
    ports: Mapping[int, bool | None] = field(default_factory=dict)
    """Ports that were tried, and whether they accept a connection; None: not known."""
    port: int = PORT
    """Where it was asked."""

    def every_reply(self) -> Iterator[Reply]:
        """All answers."""
        for replies in self.replies.values():
            yield from replies
