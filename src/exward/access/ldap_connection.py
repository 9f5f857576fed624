"""A connection to a directory server: encrypted always, one deadline for all, nothing followed.

Encrypted by TLS, or by Kerberos or NTLM itself where a domain controller has no certificate.

The protocol is sansldap's, which does no I/O of its own: every byte passes through here, so that a
server which hangs, drips or drops the connection costs a bounded time and ends in one message.
"""

from __future__ import annotations

import hashlib
import socket
import ssl
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import sansldap
from sansldap import LDAPResultCode

from exward.access.ldap_login import Login, Method
from exward.model.errors import EvidenceError, UsageError

if TYPE_CHECKING:
    from exward.access.ldap_sign_in import SignIn

SCHEMES = ("ldap://", "ldaps://")

PAGE_ENTRIES = 500
MAX_MESSAGE_BYTES = 64 * 1024 * 1024
MAX_PAGE_BYTES = 512 * 1024 * 1024
Found = sansldap.SearchResultEntry | sansldap.SearchResultReference
"""What a search brings."""
_RECEIVE_BYTES = 256 * 1024
_SIGN_IN_HINT = "check name and password; Kerberos needs the server's name: --server-name"
_MECHANISM, _MAX_STEPS = "GSS-SPNEGO", 8
_START_TLS = "1.3.6.1.4.1.1466.20037"
_SD_FLAGS = sansldap.LDAPControl(
    # [MS-ADTS] 3.1.1.3.4.1.11: owner (1) and DACL (4); with the SACL only auditors may read it.
    control_type="1.2.840.113556.1.4.801",
    critical=True,
    value=bytes.fromhex("3003020105"),
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a directory is; `base` "" stands for the server's own domain."""

    host: str
    port: int
    tls_first: bool
    base: str


def is_url(text: str) -> bool:
    """Whether a path is the address of a directory."""
    return text.casefold().startswith(SCHEMES)


def parse_url(text: str) -> Address:
    """The parts of `ldaps://host[:port]/[base]`; raises UsageError."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"is no LDAP URL: {error}", "ldaps://dc01.example", text) from error
    if not parts.hostname or parts.username or parts.password:
        hint = "ldaps://dc01.example; the user goes to --user"
        raise UsageError("is no LDAP URL of a server", hint, text)
    tls_first = parts.scheme.casefold() == "ldaps"
    return Address(
        parts.hostname, port or (636 if tls_first else 389), tls_first, unquote(parts.path[1:])
    )


class Connection:
    """An open, authenticated connection. Raises EvidenceError whatever goes wrong."""

    def __init__(self, address: Address, login: Login) -> None:
        self.where = f"{address.host}:{address.port}"
        self._login = login
        self._deadline = time.monotonic() + login.total_s
        self._session = sansldap.LDAPClient()
        self._waiting: list[sansldap.LDAPMessage] = []
        self._unparsed = self._received = 0
        self._tls: ssl.SSLSocket | None = None
        self._sealing: SignIn | None = None
        self._sealed = bytearray()
        self._socket = self._connect(address)
        try:
            self._encrypt(address)
            if login.method is Method.SIMPLE:
                self._bind()
            else:
                self._sign_in(address)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection; never raises."""
        (self._tls or self._socket).close()

    def search(
        self, base: str, query: str, attributes: tuple[str, ...], *, below: bool
    ) -> Iterator[Found]:
        """Yield entries, page by page, with owner and DACL where asked for."""
        scope = sansldap.SearchScope.SUBTREE if below else sansldap.SearchScope.BASE
        controls = [_SD_FLAGS] if "nTSecurityDescriptor" in attributes else []
        cookie = b""
        while True:
            page = sansldap.PagedResultControl(False, PAGE_ENTRIES, cookie)
            asked = self._session.search_request(
                base,
                scope,
                filter=sansldap.LDAPFilter.from_string(query),
                attributes=list(attributes),
                controls=[*controls, *([page] if below else [])],
            )
            found, done = self._page(asked)
            yield from found
            self._check(done.result, f"searching {base or 'the root'}")
            following = _cookie(done)
            if not following:
                return
            cookie = following  # may be the same for each page; only the deadline ends a loop

    def _page(self, asked: int) -> tuple[list[Found], sansldap.SearchResultDone]:
        """All of a page at once: who reads its entries may search for more in between."""
        found: list[Found] = []
        before = self._received
        while True:
            message = self._next()
            if message.message_id != asked:
                continue
            if isinstance(message, sansldap.SearchResultDone):
                return found, message
            if isinstance(message, sansldap.SearchResultEntry | sansldap.SearchResultReference):
                found.append(message)
            if self._received - before > MAX_PAGE_BYTES:
                raise self._failed("sends a page larger than 512 MiB")

    def _connect(self, address: Address) -> socket.socket:
        try:
            return socket.create_connection((address.host, address.port), self._patience())
        except OSError as error:
            raise self._failed("cannot be reached", error) from error

    def _encrypt(self, address: Address) -> None:
        """TLS at once, or by StartTLS; Kerberos and NTLM seal the messages themselves."""
        if not address.tls_first:
            if self._login.method is not Method.SIMPLE:
                return
            self._start_tls()
        self._tls = self._secured(address)

    def _start_tls(self) -> None:
        self._session.extended_request(_START_TLS)
        answer = self._next()
        if not isinstance(answer, sansldap.ExtendedResponse):
            raise self._failed("does not answer StartTLS")
        self._check(answer.result, "StartTLS")

    def _secured(self, address: Address) -> ssl.SSLSocket:
        login = self._login
        try:
            context = ssl.create_default_context(cafile=login.ca_file or None)
            if login.fingerprint:
                # The certificate itself is compared below: stronger than any name in it.
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
            self._socket.settimeout(self._patience())
            secured = context.wrap_socket(
                self._socket, server_hostname=login.server_name or address.host
            )
        except OSError as error:
            hint = "give --ca-file, or --tls-fingerprint with the SHA-256 of its certificate"
            raise self._failed("TLS failed", error, hint) from error
        seen = hashlib.sha256(secured.getpeercert(binary_form=True) or b"").hexdigest()
        if login.fingerprint and seen != login.fingerprint.replace(":", "").strip().casefold():
            secured.close()
            raise self._failed(f"shows another certificate (SHA-256 {seen})")
        return secured

    def _bind(self) -> None:
        login = self._login
        if not login.password:  # a bind without a password succeeds as nobody
            hint = "give --user, and --password-file or --password"
            raise UsageError("a directory asks who you are", hint, self.where)
        self._session.bind_simple(login.user, login.password)
        answer = self._next()
        if not isinstance(answer, sansldap.BindResponse):
            raise self._failed("does not answer the sign-in")
        self._check(answer.result, f"signing in as {login.user}")

    def _sign_in(self, address: Address) -> None:
        """Kerberos or NTLM; raises if the server does not prove itself in turn."""
        known = bool(self._login.user), bool(self._login.password)
        if known != (True, True) and (any(known) or sys.platform != "win32"):
            hint = "give --user and --password-file; on Windows neither: you sign in as yourself"
            raise UsageError("a directory asks who you are", hint, self.where)
        certificate = self._tls.getpeercert(binary_form=True) if self._tls is not None else None
        what = f"signing in as {self._login.user or 'yourself'} by {self._login.method}"
        try:
            # A library of 20 MB that nothing else needs, and that has no wheel for musl.
            from exward.access.ldap_sign_in import SignIn
        except ImportError as error:
            hint = "pip install sspilib, or --sign-in simple"
            raise UsageError(f"sspilib is missing: {error}", hint, self.where) from error
        try:
            sign_in = SignIn(self._login, address.host, certificate or b"")
            self._exchange(sign_in, what)
        except OSError as error:
            raise self._failed(f"{what} failed", error, _SIGN_IN_HINT) from error
        if not sign_in.complete:
            raise self._failed(f"{what}: it does not prove who it is")
        if self._tls is None:
            if not sign_in.seals:
                raise self._failed(f"{what}: it does not encrypt", hint="use ldaps://")
            self._sealing = sign_in

    def _exchange(self, sign_in: SignIn, what: str) -> None:
        """Pass tokens to and fro until the server is content."""
        token: bytes | None = None
        for _ in range(_MAX_STEPS):
            self._session.bind_sasl(_MECHANISM, None, sign_in.step(token, self._patience()))
            answer = self._next()
            if not isinstance(answer, sansldap.BindResponse):
                raise self._failed("does not answer the sign-in")
            token = bytes(answer.server_sasl_creds or b"")
            if answer.result.result_code is not LDAPResultCode.SASL_BIND_IN_PROGRESS:
                self._check(answer.result, what)
                if token and not sign_in.complete:
                    sign_in.step(token, self._patience())
                return

    def _check(self, result: sansldap.LDAPResult, doing: str) -> None:
        code = result.result_code
        if code is LDAPResultCode.SUCCESS:
            return
        if code is LDAPResultCode.REFERRAL:
            hint = f"referrals are not followed: ask there ({', '.join(result.referrals or ())})"
            raise self._failed(f"{doing}: the server does not hold this", hint=hint[:300])
        what = result.diagnostics_message.strip("\0 \n") or code.name
        raise self._failed(f"{doing}: {what[:300]}")

    def _next(self) -> sansldap.LDAPMessage:
        """The next message, after what is to be sent was sent."""
        line = self._tls or self._socket
        try:
            outgoing = self._session.data_to_send()
            if outgoing:
                outgoing = self._sealing.seal(outgoing) if self._sealing else outgoing
                line.settimeout(self._patience())
                line.sendall(outgoing)
            while not self._waiting:
                line.settimeout(self._patience())
                data = line.recv(_RECEIVE_BYTES)
                if not data:
                    raise self._failed("closed the connection")
                self._take(data)
        except TimeoutError as error:
            raise self._failed(f"is silent for {self._login.idle_s:g} s") from error
        except (OSError, sansldap.LDAPError, ValueError) as error:
            raise self._failed("broke off", error) from error
        return self._waiting.pop(0)

    def _take(self, data: bytes) -> None:
        if self._sealing is not None:
            self._sealed += data
            data = self._sealing.unseal(self._sealed, MAX_MESSAGE_BYTES)
        self._waiting = self._session.receive(data) if data else []
        self._received += len(data)
        self._unparsed = 0 if self._waiting else self._unparsed + len(data)
        if self._unparsed > MAX_MESSAGE_BYTES:
            raise self._failed("sends an entry larger than 64 MiB")

    def _patience(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise self._failed(f"took longer than {self._login.total_s:g} s in all")
        return min(left, self._login.idle_s)

    def _failed(
        self, what: str, error: BaseException | None = None, hint: str = ""
    ) -> EvidenceError:
        reason = f": {error}"[:300] if error is not None else ""
        usual = "try again, or read an export instead (docs/access.md)"
        return EvidenceError(f"the directory server {what}{reason}", hint or usual, self.where)


def _cookie(done: sansldap.SearchResultDone) -> bytes:
    for control in done.controls:
        if isinstance(control, sansldap.PagedResultControl):
            return bytes(control.cookie)
    return b""
