"""A small HTTP server for a few pages: one request a connection, everything bounded.

It stands behind a server that speaks TLS. What it does not know it refuses; it never reads a file.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus

MAX_HEAD_BYTES = 16 * 1024
MAX_BODY_BYTES = 4 * 1024
REQUEST_S = 15.0
ANSWER_S = 300.0
MAX_CONNECTIONS = 64
_LINE = re.compile(r"([A-Z]{1,10}) (/[\x21-\x7e]{0,2000}) HTTP/1\.[01]", re.ASCII)
ALWAYS = {
    "Cache-Control": "no-store",
    "Connection": "close",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for. `client` is an address; behind a server on this machine, whom it names."""

    method: str
    path: str
    client: str


@dataclass(frozen=True, slots=True)
class Response:
    """What is answered."""

    status: HTTPStatus
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


Responder = Callable[[Request], Awaitable[Response]]


class _RefusedError(Exception):
    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class PageServer:
    """The listening server; `start`, then `close`."""

    def __init__(self, respond: Responder) -> None:
        """Nothing runs before `start`."""
        self._respond, self._open = respond, 0
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen and return the port; raises OSError."""
        self._server = await asyncio.start_server(
            self._connection, host, port, limit=MAX_HEAD_BYTES
        )
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            await asyncio.sleep(0)

    async def _connection(self, read: asyncio.StreamReader, write: asyncio.StreamWriter) -> None:
        self._open += 1
        try:
            with contextlib.suppress(OSError, TimeoutError):
                write.write(await self._answer(read, write))
                await asyncio.wait_for(write.drain(), REQUEST_S)
        finally:
            self._open -= 1
            write.close()

    async def _answer(self, read: asyncio.StreamReader, write: asyncio.StreamWriter) -> bytes:
        if self._open > MAX_CONNECTIONS:
            return _encoded(Response(HTTPStatus.SERVICE_UNAVAILABLE), with_body=True)
        peer = str((write.get_extra_info("peername") or ("",))[0])
        try:
            request = await asyncio.wait_for(_read(read, peer), REQUEST_S)
            response = await asyncio.wait_for(self._respond(request), ANSWER_S)
        except _RefusedError as error:
            return _encoded(Response(error.status), with_body=True)
        except (asyncio.IncompleteReadError, TimeoutError):
            return _encoded(Response(HTTPStatus.REQUEST_TIMEOUT), with_body=True)
        return _encoded(response, with_body=request.method != "HEAD")


async def _read(read: asyncio.StreamReader, peer: str) -> Request:
    try:
        head = await read.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError:
        raise _RefusedError(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE) from None
    first, *lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    match = _LINE.fullmatch(first)
    if match is None:
        raise _RefusedError(HTTPStatus.BAD_REQUEST)
    headers = _headers(lines)
    size = headers.get("content-length", "0")
    if "transfer-encoding" in headers or not re.fullmatch(r"[0-9]{1,9}", size):
        raise _RefusedError(HTTPStatus.BAD_REQUEST)
    if int(size) > MAX_BODY_BYTES:
        raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    await read.readexactly(int(size))  # forms here have no fields: what is asked is in the path
    return Request(match[1], match[2], _client(peer, headers))


def _headers(lines: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        key = name.lower()
        if not colon or not re.fullmatch(r"[\w!#$%&'*+.^`|~-]+", name, re.ASCII) or (
            key in found and key in {"content-length", "transfer-encoding"}
        ):  # fmt: skip
            raise _RefusedError(HTTPStatus.BAD_REQUEST)
        found[key] = value.strip()
    return found


def _client(peer: str, headers: dict[str, str]) -> str:
    """Whom to count a request for. Only a server on this machine is believed about others."""
    try:
        if not ipaddress.ip_address(peer).is_loopback:
            return peer
        named = headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        return str(ipaddress.ip_address(named)) if named else peer
    except ValueError:
        return peer


def _encoded(response: Response, *, with_body: bool) -> bytes:
    body = (response.body or f"{response.status.phrase}\n").encode("utf-8", "replace")
    kind = "text/html" if response.body else "text/plain"
    headers = {"Content-Type": f"{kind}; charset=utf-8", "Content-Length": str(len(body)),
               **ALWAYS, **response.headers}  # fmt: skip
    lines = [f"HTTP/1.1 {response.status.value} {response.status.phrase}",
             *(f"{name}: {value}" for name, value in headers.items())]  # fmt: skip
    head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
    return head + body if with_body else head
