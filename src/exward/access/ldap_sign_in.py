"""Kerberos and NTLM by SSPI: that of Windows there, sspi-rs (in the wheels of sspilib) elsewhere.

Without TLS every message is sealed ([MS-ADTS] 5.1.1.1.2, GSS-SPNEGO: four bytes of length before
each buffer). Inside of TLS the sign-in is bound to the server's certificate (RFC 5929,
tls-server-end-point) where the library can, as domain controllers may demand it.
"""

from __future__ import annotations

import hashlib
import os
import sys
import threading
import warnings
from collections.abc import Iterator

import sspilib
from cryptography import x509

from exward.access.ldap_login import Login, Method
from exward.model.account import split_account

_LENGTH_BYTES = 4
_SEALED = sspilib.IscReq.ISC_REQ_CONFIDENTIALITY | sspilib.IscReq.ISC_REQ_INTEGRITY
_IS_SEALED = sspilib.IscRet.ISC_RET_CONFIDENTIALITY | sspilib.IscRet.ISC_RET_INTEGRITY
_KDC, _KDC_PORT = "SSPI_KDC_URL", 88
_WEAK = frozenset({"md5", "sha1"})
"""A certificate signed with one of these is bound by its SHA-256 (RFC 5929, 4.1)."""


class SignIn:
    """One sign-in that goes on over several messages. Raises OSError where it fails."""

    def __init__(self, login: Login, server: str, certificate: bytes) -> None:
        """`certificate`: the server's, DER; empty without TLS, and then messages are sealed."""
        name, domain = split_account(login.user)
        kerberos = login.method is Method.KERBEROS
        credential = sspilib.UserCredential(
            name or None,
            login.password or None,
            domain or None,
            protocol="Negotiate" if kerberos else "NTLM",
            protocol_list=["!ntlm"] if kerberos else None,
        )
        if kerberos:
            _name_kdc(server)
        flags = sspilib.IscReq.ISC_REQ_MUTUAL_AUTH
        binding = None
        if certificate and _can_bind(login.method):
            binding = sspilib.SecChannelBindings(application_data=end_point(certificate))
        if not certificate:
            flags |= _SEALED
        self._context = sspilib.ClientSecurityContext(
            credential, f"ldap/{login.server_name or server}", flags, channel_bindings=binding
        )

    @property
    def complete(self) -> bool:
        """Whether both sides are content."""
        return self._context.complete

    @property
    def seals(self) -> bool:
        """Whether messages are encrypted and signed from now on."""
        return self._context.attributes & _IS_SEALED == _IS_SEALED

    def step(self, token: bytes | None, patience_s: float) -> bytes:
        """The next token for the server; raises TimeoutError if it takes too long.

        A ticket is asked for in here, of a server that may hang: in a thread that can be left.
        """
        made: list[bytes | OSError] = []

        def run() -> None:
            try:
                made.append(self._context.step(token) or b"")
            except OSError as error:
                made.append(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join(patience_s)
        if not made:
            raise TimeoutError("no ticket in time")
        if isinstance(made[0], OSError):
            raise made[0]
        return made[0]

    def seal(self, data: bytes) -> bytes:
        """One buffer as it goes over the wire."""
        sealed = self._context.wrap(data)
        return len(sealed).to_bytes(_LENGTH_BYTES, "big") + sealed

    def unseal(self, received: bytearray, limit: int) -> bytes:
        """Take whole buffers off the beginning and give what was in them.

        Raises ValueError if one is longer than `limit` bytes.
        """
        return b"".join(self._context.unwrap(one).data for one in whole_buffers(received, limit))


def whole_buffers(received: bytearray, limit: int) -> Iterator[bytes]:
    """Take whole buffers off the beginning; raises ValueError for one longer than `limit` bytes."""
    while len(received) >= _LENGTH_BYTES:
        size = int.from_bytes(received[:_LENGTH_BYTES], "big")
        if size > limit:
            raise ValueError(f"a buffer of {size:,} bytes")
        end = _LENGTH_BYTES + size
        if len(received) < end:
            return
        yield bytes(received[_LENGTH_BYTES:end])
        del received[:end]


def end_point(certificate: bytes) -> bytes:
    """What a sign-in is bound to: the certificate's hash, by the algorithm it is signed with."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of serial numbers that RFC 5280 does not allow
        signed = x509.load_der_x509_certificate(certificate).signature_hash_algorithm
    name = "sha256" if signed is None or signed.name in _WEAK else signed.name
    return b"tls-server-end-point:" + hashlib.new(name, certificate).digest()


def _can_bind(method: Method) -> bool:
    """Whether the library binds this sign-in to TLS as servers expect it.

    A bound ticket of sspilib 0.6 is refused by Samba outside of Windows (error 57). Where a domain
    controller demands it (LdapEnforceChannelBinding 2), `ldap://` seals instead.
    """
    return method is Method.NTLM or sys.platform == "win32"


def _name_kdc(server: str) -> None:
    """Have tickets asked for where the directory is: a domain controller gives them, too.

    Windows knows better; elsewhere the variable is the library's only setting for it.
    """
    if sys.platform != "win32" and not {_KDC, "KRB5_CONFIG"} & os.environ.keys():
        os.environ[_KDC] = f"tcp://{server}:{_KDC_PORT}"
