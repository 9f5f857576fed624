"""One GET and its answer: no credentials, no cookies, nothing followed, all of it bounded."""

from __future__ import annotations

import re
from http.client import HTTPException, HTTPResponse, LineTooLong, RemoteDisconnected
from ssl import SSLContext

from exward import __version__
from exward.model.errors import EvidenceError
from exward.posture.outside.seen import Reply
from exward.posture.outside.visit import Line, Visit

USER_AGENT = f"exward/{__version__} (check of one's own server)"
MAX_BODY_BYTES = 256 * 1024
MAX_VALUE = 2_000
_PIECE_BYTES = 16 * 1024
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def get(visit: Visit, context: SSLContext, path: str) -> tuple[Reply, Line]:
    """The answer, and the closed line it came by; raises EvidenceError."""
    with visit.open(context) as line:
        line.send(_request(visit.address.authority, path))
        try:
            reply = _reply(line, f"{visit.address.origin}{path}")
        except HTTPException as error:
            raise EvidenceError(_said(error), "is it a web server?", visit.address.origin) from (
                error
            )
        return reply, line


def _request(authority: str, path: str) -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: {USER_AGENT}\r\n"
        "Accept: */*\r\nConnection: close\r\n\r\n"
    ).encode("ascii")


def _reply(line: Line, url: str) -> Reply:
    # http.client asks nothing but `makefile` of what it takes for a socket.
    with HTTPResponse(line, method="GET") as answer:  # type: ignore[arg-type]
        answer.begin()
        headers = tuple((_plain(name), _plain(value)) for name, value in answer.getheaders())
        body, is_whole = _body(answer)
        return Reply(url, answer.status, headers, body, is_whole)


def _body(answer: HTTPResponse) -> tuple[bytes, bool]:
    """What there is up to a limit; an answer that breaks off keeps what came before."""
    pieces: list[bytes] = []
    left = MAX_BODY_BYTES
    try:
        while left > 0 and (piece := answer.read(min(left, _PIECE_BYTES))):
            pieces.append(piece)
            left -= len(piece)
    except (HTTPException, OSError, ValueError):  # ValueError: of a chunk with a negative size
        left = 0
    is_whole = left > 0 and not answer.length
    return b"".join(pieces)[:MAX_BODY_BYTES], is_whole


def _plain(text: str) -> str:
    """A header in one line, as all that read it expect."""
    return _CONTROL.sub(" ", text)[:MAX_VALUE].strip()


def _said(error: HTTPException) -> str:
    if isinstance(error, RemoteDisconnected):
        return "closes the connection without an answer"
    if isinstance(error, LineTooLong):
        return "sends a line longer than 64 KiB"
    if "headers" in str(error):
        return "sends more than 100 headers"
    return "does not answer in HTTP"
