"""One visit: a handful of ordinary GETs, then what TLS tells; everything else stays untouched."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from exward.model.errors import EvidenceError
from exward.model.posture import Precision
from exward.model.skipped import Skipped
from exward.posture.inventory import BuildReading
from exward.posture.outside import ports, tls
from exward.posture.outside.address import Address
from exward.posture.outside.builds import readings
from exward.posture.outside.endpoints import ENDPOINTS, EXPORT_TOOL, EXPORT_TOOL_PATH, OWA
from exward.posture.outside.get import MAX_BODY_BYTES, get
from exward.posture.outside.reach import is_same_server, place
from exward.posture.outside.seen import Reply, Seen, Tls
from exward.posture.outside.visit import Manners, Visit

MAX_FOLLOWED = 3
"""Redirections, on the server itself, to the page where one signs in."""
MAX_FAILED = 3
"""In a row; then the server is left in peace."""


@dataclass(slots=True)
class _Asking:
    """What was read so far."""

    visit: Visit
    cancelled: Callable[[], bool]
    replies: dict[str, tuple[Reply, ...]] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    failed: int = 0
    agreed: Tls | None = None

    def goes_on(self) -> bool:
        """Whether more may be asked."""
        return not self.cancelled() and self.failed < MAX_FAILED

    def one(self, path: str) -> Reply | None:
        """Ask once; what fails is a loss."""
        url = f"{self.visit.address.origin}{path}"
        try:
            reply, line = get(self.visit, tls.reading(), path)
        except EvidenceError as error:
            self.failed += 1
            self.skipped.append(Skipped(url, None, error.what))
            return None
        self.failed = 0
        if self.agreed is None:
            self.agreed = Tls(line.protocol, line.cipher, tls.certificate(line.der), None, {})
        if not reply.is_whole:
            limit = f"only its beginning was read, {len(reply.body):,} bytes"
            full = len(reply.body) >= MAX_BODY_BYTES
            self.skipped.append(
                Skipped(url, None, f"{'too long' if full else 'breaks off'}: {limit}")
            )
        return reply


def ask(
    address: Address,
    manners: Manners,
    cancelled: Callable[[], bool],
    day: datetime.date,
    tries: Sequence[int] = (),
) -> tuple[Seen, list[Skipped]]:
    """Visit one server; raises EvidenceError, with the first reason, if it answers nothing.

    `tries` are ports to look at, too.
    """
    asking = _Asking(Visit(address, manners), cancelled)
    for endpoint in ENDPOINTS:
        if asking.goes_on():
            follow = MAX_FOLLOWED if endpoint is OWA else 0
            asking.replies[endpoint.name] = tuple(_asked(asking, endpoint.path, follow))
    found = [*readings(_all(asking))]
    if asking.goes_on() and not _is_told(found):
        asking.replies[EXPORT_TOOL] = tuple(_asked(asking, EXPORT_TOOL_PATH, 0))
        found = [*readings(_all(asking))]
    if asking.agreed is None:
        raise _first_failure(asking)
    if asking.failed >= MAX_FAILED:
        what = f"{MAX_FAILED} requests in a row failed: nothing more was asked"
        asking.skipped.append(Skipped(address.origin, None, what))
    seen = Seen(
        server=address.authority,
        origin=address.origin,
        is_named=not address.is_ip,
        day=day,
        tls=_examined(asking, asking.agreed),
        replies=asking.replies,
        builds=tuple(found),
        ports=dict(ports.tried(asking.visit, tries, asking.goes_on)),
        port=address.port,
    )
    return seen, asking.skipped


def _asked(asking: _Asking, path: str, follow: int) -> Iterator[Reply]:
    """Yield an answer, and those that it leads to on the same server."""
    asked = {path}
    while (reply := asking.one(path)) is not None:
        yield reply
        url = place(reply)
        if not follow or not 300 <= reply.status < 400 or not is_same_server(reply, url):
            return
        path = _path_of(url)
        if path in asked or len(asked) > follow:
            reason = "leads in a circle" if path in asked else f"leads on {follow} times and more"
            asking.skipped.append(Skipped(reply.url, None, f"{reason}: not followed further"))
            return
        asked.add(path)


def _path_of(url: str) -> str:
    """Path and query, in the letters that a request may have."""
    parts = urlsplit(url)
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    return "".join(char for char in path if "!" <= char <= "~")


def _examined(asking: _Asking, agreed: Tls) -> Tls:
    accepts: dict[str, bool | None] = {}
    trust = tls.distrust(asking.visit) if asking.goes_on() else None
    for protocol in tls.OLD:
        accepts[protocol] = tls.accepts(asking.visit, protocol) if asking.goes_on() else None
    return Tls(agreed.protocol, agreed.cipher, agreed.certificate, trust, accepts)


def _is_told(found: list[BuildReading]) -> bool:
    return any(one.precision is Precision.EXACT for one in found)


def _all(asking: _Asking) -> Iterator[Reply]:
    for replies in asking.replies.values():
        yield from replies


def _first_failure(asking: _Asking) -> EvidenceError:
    if not asking.skipped:
        return EvidenceError("was not asked: interrupted", "", asking.visit.address.origin)
    first = asking.skipped[0]
    return EvidenceError(first.reason, "check name, port and firewall", first.source)
