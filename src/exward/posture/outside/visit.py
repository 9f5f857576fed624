"""Connections to one server: one at a time, with pauses, each with an end in time and size."""

from __future__ import annotations

import io
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from exward.model.errors import EvidenceError
from exward.posture.outside.address import Address

MAX_ADDRESSES = 4
"""Of one name; more are not tried."""
MAX_BYTES = 512 * 1024
"""Of one connection, whatever they are."""
_SLOW = "sends its answer too slowly"
_NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "PACKET_LENGTH"})


@dataclass(frozen=True, slots=True)
class Manners:
    """How a guest behaves; seconds."""

    pause_s: float = 0.5
    """Between two connections."""
    idle_s: float = 10.0
    """How long the server may be silent."""
    answer_s: float = 20.0
    """One connection, from its start to its end."""
    total_s: float = 180.0
    """All of one server."""
    port_s: float = 3.0
    """How long a port may take to accept a connection."""


class OutOfTime(TimeoutError):
    """Our own patience ended, not the server's silence."""


class Visit:
    """All connections to one server. Raises EvidenceError whatever goes wrong with one.

    The name is looked up once, so that all answers come from one address.
    """

    def __init__(self, address: Address, manners: Manners) -> None:
        self.address = address
        self._manners = manners
        self._ends = time.monotonic() + manners.total_s
        self._targets: list[tuple[socket.AddressFamily, tuple[Any, ...]]] = []
        self._is_first = True

    @contextmanager
    def open(self, context: ssl.SSLContext) -> Iterator[Line]:
        """A connection with TLS, closed at the end."""
        self._wait()
        ends = min(self._ends, time.monotonic() + self._manners.answer_s)
        plain: socket.socket | None = None
        try:
            plain = self._connected()
            plain.settimeout(self._patience(ends))
            with context.wrap_socket(plain, server_hostname=self.address.host) as secured:
                yield Line(secured, self._manners.idle_s, ends)
        except OSError as error:
            raise self._failed(error) from error
        finally:
            if plain is not None:
                plain.close()

    def accepts(self, port: int) -> bool | None:
        """Whether a port accepts a connection, which is closed at once; None: not known."""
        self._wait()
        left = self._ends - time.monotonic()
        if left <= 0 or not self._targets:
            return None
        family, (host, _, *rest) = self._targets[0]
        with socket.socket(family, socket.SOCK_STREAM) as line:
            line.settimeout(min(left, self._manners.port_s))
            try:
                line.connect((host, port, *rest))
            except (ConnectionRefusedError, TimeoutError):
                return False
            except OSError:
                return None
        return True

    def _wait(self) -> None:
        if not self._is_first:
            time.sleep(self._manners.pause_s)
        self._is_first = False

    def _patience(self, ends: float) -> float:
        left = ends - time.monotonic()
        if left <= 0:
            raise OutOfTime(f"took longer than {self._manners.total_s:g} s in all")
        return min(left, self._manners.idle_s)

    def _connected(self) -> socket.socket:
        if not self._targets:
            found = socket.getaddrinfo(
                self.address.host, self.address.port, type=socket.SOCK_STREAM
            )
            self._targets = [(family, place) for family, _, _, _, place in found[:MAX_ADDRESSES]]
        error: OSError | None = None
        for family, place in self._targets:
            line = socket.socket(family, socket.SOCK_STREAM)
            try:
                line.settimeout(self._patience(self._ends))
                line.connect(place)
            except OSError as failed:
                line.close()
                error = failed
            else:
                self._targets = [(family, place)]
                return line
        raise error or OSError("the name has no address")

    def _failed(self, error: OSError) -> EvidenceError:
        return EvidenceError(_said(error, self.address.port), _hint(error), self.address.origin)


class Line(io.RawIOBase):
    """The bytes of one connection; every read ends in time, and all of them in size."""

    def __init__(self, secured: ssl.SSLSocket, idle_s: float, ends: float) -> None:
        cipher = secured.cipher()
        self.protocol = secured.version() or ""
        self.cipher = "" if cipher is None else cipher[0]
        self.der = secured.getpeercert(binary_form=True) or b""
        self._secured = secured
        self._idle_s = idle_s
        self._ends = ends
        self._left = MAX_BYTES

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fill the buffer with what there is; raises OSError where a bound is reached."""
        patience = self._ends - time.monotonic()
        if patience <= 0:
            raise OutOfTime(_SLOW)
        if self._left <= 0:
            raise OSError(f"sends more than {MAX_BYTES // 1024} KiB")
        self._secured.settimeout(min(patience, self._idle_s))
        try:
            count = self._secured.recv_into(memoryview(buffer)[: self._left])
        except TimeoutError as error:
            if patience < self._idle_s:  # it was not silent: it had no more time
                raise OutOfTime(_SLOW) from error
            raise
        self._left -= count
        return count

    def send(self, data: bytes) -> None:
        """Send a request."""
        self._secured.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        """What `http.client` reads an answer from."""
        del mode
        return io.BufferedReader(self)


def _said(error: OSError, port: int) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            return f"the certificate is not trusted: {error.verify_message}"
        case ssl.SSLError() if error.reason in _NO_TLS:
            return f"does not speak TLS on port {port}"
        case ssl.SSLError():
            return f"TLS failed: {(error.reason or str(error)).replace('_', ' ').lower()}"
        case socket.gaierror():
            return f"the name is not known: {error.strerror}"
        case ConnectionRefusedError():
            return f"nothing listens on port {port}"
        case ConnectionError():
            return "broke the connection off"
        case OutOfTime():
            return str(error)
        case TimeoutError():
            return "does not answer in time"
    return error.strerror or str(error)


def _hint(error: OSError) -> str:
    if isinstance(error, ssl.SSLError):
        return "is this the port of https?"
    if isinstance(error, socket.gaierror | ConnectionRefusedError):
        return "check the name and the port"
    return "is a firewall in between, or another server at this address?"
