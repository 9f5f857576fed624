"""ClamAV through its daemon: a message goes there as a stream, the name of what it is comes back.

Source of the protocol: clamd(8), command INSTREAM. A daemon that hangs costs every message one time
limit at most, and after a failure it is left alone for a while.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from time import monotonic

CHUNK_BYTES = 64 * 1024
MAX_ANSWER_BYTES = 4096
AT_ONCE = 10
"""Scans at the same time: clamd's own MaxThreads by default."""
SCAN_S = 30.0
"""For one message, waiting for its turn included."""
REST_S = 10.0
"""After a failure nobody asks for so long."""
_TOO_LARGE = "size limit exceeded"


@dataclass(frozen=True, slots=True)
class Scan:
    """What ClamAV says. `failed` tells why it said nothing; both are empty for a clean message."""

    signature: str = ""
    failed: str = ""
    is_too_large: bool = False
    """Larger than the daemon's StreamMaxLength: asking again would not help."""


@dataclass(frozen=True, slots=True)
class ClamdAddress:
    """Where the daemon listens: a Unix socket, or a port of this machine."""

    path: str = ""
    host: str = ""
    port: int = 0

    def __str__(self) -> str:
        """The address as the settings have it."""
        return self.path or f"{self.host}:{self.port}"


def parse_address(text: str) -> ClamdAddress:
    """Read `/path/of/socket` or `HOST:PORT`; raises ValueError with what is wrong."""
    if text.startswith("/"):
        if not hasattr(socket, "AF_UNIX"):
            raise ValueError("this system has no Unix sockets: give HOST:PORT")
        return ClamdAddress(path=text)
    host, _, port = text.rpartition(":")
    host = host.strip("[]")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError("must be the path of a socket, or HOST:PORT")
    # The stream is neither encrypted nor signed: mail must not leave the machine this way.
    if host != "localhost" and not _is_loopback(host):
        raise ValueError("must be on this machine (localhost)")
    return ClamdAddress(host=host, port=int(port))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class Clamd:
    """The daemon at an address, asked by many at once; belongs to one event loop."""

    def __init__(
        self, address: ClamdAddress, *, scan_s: float = SCAN_S, rest_s: float = REST_S
    ) -> None:
        """Nothing is opened before the first scan."""
        self._address = address
        self._scan_s, self._rest_s = scan_s, rest_s
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._rests_until = float("-inf")
        self._failed = ""

    async def scan(self, data: bytes) -> Scan:
        """Ask about a message; never raises."""
        if monotonic() < self._rests_until:
            return Scan(failed=self._failed)
        try:
            async with asyncio.timeout(self._scan_s), self._turns:
                return _read(await self._ask(data))
        except TimeoutError:
            return self._rest(f"no answer within {self._scan_s:g} s")
        except (OSError, ValueError) as error:
            return self._rest(str(error) or type(error).__name__)

    async def scan_all(self, pieces: Iterable[bytes]) -> Scan:
        """Ask about one piece after another, up to the first that is known or fails."""
        told = Scan()
        for piece in pieces:
            scan = await self.scan(piece)
            if scan.signature or scan.failed:
                return scan
            told = scan if scan.is_too_large else told
        return told

    def _rest(self, why: str) -> Scan:
        self._rests_until = monotonic() + self._rest_s
        self._failed = f"ClamAV at {self._address}: {why}"
        return Scan(failed=self._failed)

    async def _ask(self, data: bytes) -> bytes:
        # A stream of asyncio throws away what has arrived when the other side stops reading.
        loop = asyncio.get_running_loop()
        with self._socket() as sock:
            sock.setblocking(False)
            await loop.sock_connect(sock, self._address.path or self._target())
            with suppress(ConnectionError):  # it may answer and leave before it has read all
                await _send(sock, data)
            answer = b""
            while b"\0" not in answer and len(answer) < MAX_ANSWER_BYTES:
                more = await loop.sock_recv(sock, MAX_ANSWER_BYTES)
                if not more:
                    break
                answer += more
            return answer

    def _socket(self) -> socket.socket:
        if self._address.path:
            return socket.socket(socket.AF_UNIX)
        return socket.socket(socket.AF_INET6 if ":" in self._address.host else socket.AF_INET)

    def _target(self) -> tuple[str, int]:
        host = self._address.host
        return "127.0.0.1" if host == "localhost" else host, self._address.port


async def _send(sock: socket.socket, data: bytes) -> None:
    """Send a message in pieces, each with its length in front; an empty one ends it."""
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(sock, b"zINSTREAM\0")
    for at in range(0, len(data), CHUNK_BYTES):
        if _has_answer(sock):
            return
        piece = data[at : at + CHUNK_BYTES]
        await loop.sock_sendall(sock, struct.pack("!I", len(piece)) + piece)
    await loop.sock_sendall(sock, struct.pack("!I", 0))


def _has_answer(sock: socket.socket) -> bool:
    try:
        sock.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    return True


def _read(answer: bytes) -> Scan:
    """Understand `stream: NAME FOUND`, `stream: OK` or an error; raises ValueError."""
    text = answer.partition(b"\0")[0].decode("utf-8", "replace").strip()
    if text.endswith(" FOUND"):
        return Scan(signature=text.removeprefix("stream: ").removesuffix(" FOUND"))
    if text.endswith(": OK"):
        return Scan()
    if _TOO_LARGE in text:
        return Scan(is_too_large=True)
    raise ValueError(f"answered {text[:200]!r}" if text else "ended the connection")
