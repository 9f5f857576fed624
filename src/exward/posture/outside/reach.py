"""Whether a service can be reached from here: by the answers of its virtual directory."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urljoin, urlsplit

from exward.posture.outside.endpoints import BY_NAME
from exward.posture.outside.seen import Reply, Seen

# Exchange's front end sets these: learn.microsoft.com/exchange/architecture, [MS-ASHTTP] 2.2.
_SIGNS = (
    "X-OWA-Version",
    "X-FEServer",
    "X-BEServer",
    "X-CalculatedBETarget",
    "X-CalculatedFETarget",
    "X-DiagInfo",
    "MS-Server-ActiveSync",
)
_OURS = re.compile(r"/(?:owa|ecp)(?:/|$)", re.IGNORECASE)
_BLOCKED = frozenset({403, 404, 410})
_NO_WAY = frozenset({408, 429, 502, 503, 504})
"""A proxy, or a server under load, answers in the place of the service."""
_MAX_PLACE = 200
_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z-]{1,20})(?:\s|,|$)")


class Reach(Enum):
    """What the answers of one service mean."""

    OPEN = 1
    BLOCKED = 2
    ELSEWHERE = 3
    """Somebody else is met first: a proxy that asks who one is."""
    UNKNOWN = 4


@dataclass(frozen=True, slots=True)
class Reached:
    """The meaning, and the answers that it is read from in a few words."""

    reach: Reach
    said: str


def is_exchange(reply: Reply) -> bool:
    """Whether an answer has a sign of Exchange."""
    return (
        _is_signed(reply) or b"/owa/auth/" in reply.body.lower() or bool(_OURS.match(_path(reply)))
    )


def reached(seen: Seen, name: str) -> Reached:
    """Judge one service by its first answer."""
    replies = seen.replies.get(name, ())
    if not replies:
        return Reached(Reach.UNKNOWN, "no answer was read")
    first = replies[0]
    said = f"answers {first.status}"
    if 300 <= first.status < 400:
        return _sent_on(seen, name, first)
    if first.status in _BLOCKED:
        return Reached(Reach.BLOCKED, said)
    if first.status in _NO_WAY:
        return Reached(Reach.UNKNOWN, said)
    signs = [first] if first.status < 300 else [*seen.every_reply()]
    if not any(map(is_exchange, signs)):
        return Reached(Reach.UNKNOWN, f"{said}, without a sign of Exchange")
    offered = ", ".join(schemes(first))
    return Reached(Reach.OPEN, f"{said} ({offered})" if offered else said)


def schemes(reply: Reply) -> tuple[str, ...]:
    """The ways to sign in that an answer offers, each once: Basic, NTLM, …"""
    found = (_SCHEME.match(value) for value in reply.values("WWW-Authenticate"))
    return tuple(sorted({match[1] for match in found if match is not None}))


def place(reply: Reply) -> str:
    """Where an answer sends to, absolute; "" if nowhere."""
    told = reply.value("Location")
    try:
        return urljoin(reply.url, told) if told else ""
    except ValueError:
        return ""


def is_same_server(reply: Reply, url: str) -> bool:
    """Whether a URL is on the server that answered."""
    try:
        here, there = urlsplit(reply.url), urlsplit(url)
        same = (here.hostname, here.port or 443) == (there.hostname, there.port or 443)
        return there.scheme == "https" and same
    except ValueError:
        return False


def _is_signed(reply: Reply) -> bool:
    return any(reply.value(sign) for sign in _SIGNS)


def _sent_on(seen: Seen, name: str, reply: Reply) -> Reached:
    url = place(reply)
    said = f"answers {reply.status} to {url[:_MAX_PLACE] or 'nowhere'}"
    own = BY_NAME[name].path.lower().rstrip("/") if name in BY_NAME else ""
    is_own = bool(own) and _path(reply).lower().startswith(own)
    if not url:
        return Reached(Reach.UNKNOWN, said)
    if _is_signed(reply):  # Exchange itself sends to a federation server
        return Reached(Reach.OPEN, said)
    if is_same_server(reply, url) and (is_own or _OURS.match(_path(reply))):
        if any(map(is_exchange, seen.every_reply())):
            return Reached(Reach.OPEN, said)
        return Reached(Reach.UNKNOWN, f"{said}, without a sign of Exchange")
    return Reached(Reach.ELSEWHERE, said)


def _path(reply: Reply) -> str:
    url = place(reply)
    try:
        return urlsplit(url).path if url else ""
    except ValueError:
        return ""
