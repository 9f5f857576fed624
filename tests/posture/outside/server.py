"""A server on the loopback interface that answers as Exchange does, or as an enemy would."""

from __future__ import annotations

import datetime
import socket
import ssl
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from exward.posture.outside.visit import Manners

PEM = Path(__file__).parents[2] / "cli" / "loopback.pem"
NO_PAUSE = Manners(pause_s=0)
HASTY = Manners(pause_s=0, idle_s=1.0, answer_s=2.0)
"""For servers that keep one waiting."""
Answer = Callable[[str], Iterable[bytes]]
EXPORT_TOOL = "/ecp/Current/exporttool/microsoft.exchange.ediscovery.exporttool.application"


@dataclass
class Served:
    """Where the server is, what it was sent, and whether it should stop."""

    port: int
    host: str = "127.0.0.1"
    requests: list[str] = field(default_factory=list)
    stopped: Event = field(default_factory=Event)

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"https://{host}:{self.port}"

    @property
    def paths(self) -> list[str]:
        return [request.split(" ")[1] for request in self.requests]


def tls_context(pem: Path, oldest: bool, lax: bool) -> ssl.SSLContext:
    """TLS 1.2 and 1.3, or what servers of 2013 speak that nobody cared for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if lax:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.load_cert_chain(pem)
    if oldest:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


@contextmanager
def serving(
    answer: Answer,
    *,
    pem: Path | None = PEM,
    oldest: bool = False,
    lax: bool = False,
    host: str = "127.0.0.1",
) -> Iterator[Served]:
    """Answer each path with the pieces that `answer` gives; each connection in its own thread.

    `pem` None: without TLS. `oldest`: TLS 1.0 and 1.1 and nothing newer. `lax`: with short keys.
    """
    context = None if pem is None else tls_context(pem, oldest, lax or oldest)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as listener:
        listener.settimeout(0.05)
        served = Served(listener.getsockname()[1], host)
        arguments = (listener, served, answer, context)
        thread = Thread(target=_accept, args=arguments, daemon=True)
        thread.start()
        try:
            yield served
        finally:
            served.stopped.set()
            thread.join()


def _accept(
    listener: socket.socket, served: Served, answer: Answer, context: ssl.SSLContext | None
) -> None:
    threads = []
    while not served.stopped.is_set():
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            continue
        thread = Thread(target=_talk, args=(connection, served, answer, context), daemon=True)
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()


def _talk(
    connection: socket.socket, served: Served, answer: Answer, context: ssl.SSLContext | None
) -> None:
    connection.settimeout(2)
    # The guest goes away early, as it should, from many of these.
    with suppress(OSError), connection, _secured(connection, context) as secured:
        request = secured.recv(4096)
        while context is not None and request and b"\r\n\r\n" not in request:
            request += secured.recv(4096)
        if request:
            text = request.decode("ascii", "replace")
            served.requests.append(text)
            for piece in answer("/" if context is None else text.split(" ")[1]):
                if served.stopped.is_set():
                    break
                secured.sendall(piece)


def _secured(connection: socket.socket, context: ssl.SSLContext | None) -> socket.socket:
    return connection if context is None else context.wrap_socket(connection, server_side=True)


def reply(status: str, *headers: str, body: str = "") -> bytes:
    """One whole answer."""
    data = body.encode()
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(data)}", "", ""]
    return "\r\n".join(lines).encode() + data


@dataclass(frozen=True)
class Exchange:
    """The answers of a stock server; each field is what differs between versions and set-ups."""

    build: str
    path: str
    server: str = "EX01"
    banner: bool = True
    tool: bool = True
    blocked: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    def __call__(self, path: str) -> Iterable[bytes]:
        """Answer one path."""
        yield self._answer(path)

    def _answer(self, path: str) -> bytes:
        lowered = path.lower()
        ours = (f"X-FEServer: {self.server}", "Server: Microsoft-IIS/10.0", *self.extra)
        version = (f"X-OWA-Version: {self.build}",) if self.banner else ()
        if any(lowered.startswith(one) for one in self.blocked):
            return reply("404 Not Found", "Server: Microsoft-IIS/10.0")
        if lowered.startswith("/owa/auth/logon.aspx"):
            icon = f"/owa/auth/{self.path}/themes/resources/favicon.ico"
            page = f'<!DOCTYPE html><html><link href="{icon}"></html>'
            frame = "X-Frame-Options: SAMEORIGIN"
            return reply("200 OK", "Content-Type: text/html", frame, *ours, *version, body=page)
        if lowered == EXPORT_TOOL.lower():
            return self._manifest(ours)
        if lowered in {"/owa/", "/ecp/"}:
            to = f"Location: /owa/auth/logon.aspx?url={path}&reason=0"
            return reply("302 Found", to, *ours, *version)
        basic = ('WWW-Authenticate: Basic realm="ex01.contoso.example"',)
        ways = basic if "activesync" in lowered else ("WWW-Authenticate: Negotiate",
                                                      "WWW-Authenticate: NTLM")  # fmt: skip
        return reply("401 Unauthorized", *ways, *ours)

    def _manifest(self, ours: tuple[str, ...]) -> bytes:
        if not self.tool:
            return reply("404 Not Found", *ours)
        name = "microsoft.exchange.ediscovery.exporttool.application"
        body = (
            '<?xml version="1.0"?><asmv1:assembly manifestVersion="1.0"><assemblyIdentity '
            f'name="{name}" version="{self.build}" language="neutral" />'
            '<dependency><assemblyIdentity name="Other" version="4.0.0.0"/></dependency>'
        )
        return reply("200 OK", "Content-Type: application/x-ms-application", *ours, body=body)


@dataclass(frozen=True)
class Made:
    """A certificate to make. Days count from `today`."""

    begins: int = -10
    ends: int = 300
    bits: int = 2048
    curve: bool = False
    names: tuple[str, ...] = ("127.0.0.1",)


def certificate(folder: Path, made: Made, today: datetime.date) -> Path:
    """Write a self-signed certificate and its key."""
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    key = (
        ec.generate_private_key(ec.SECP256R1())
        if made.curve
        else rsa.generate_private_key(65537, made.bits)
    )
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "EX01")])
    noon = datetime.datetime.combine(today, datetime.time(12), datetime.UTC)
    names = [x509.IPAddress(ip_address(one)) if one[0].isdigit() else x509.DNSName(one)
             for one in made.names]  # fmt: skip
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(noon + datetime.timedelta(days=made.begins))
        .not_valid_after(noon + datetime.timedelta(days=made.ends))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "made.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path
