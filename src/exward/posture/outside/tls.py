"""What TLS tells: whether the certificate is trusted, what is in it, which old protocols go.

Reading needs no trust, because nothing of worth is sent: an untrusted certificate is a result, and
so is a server that speaks nothing but what is broken.
"""

from __future__ import annotations

import hashlib
import ssl
import warnings
from collections.abc import Iterable

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from exward.model.errors import EvidenceError
from exward.posture.outside.seen import Certificate
from exward.posture.outside.visit import Visit

OLD = ("TLS 1.0", "TLS 1.1")
_VERSIONS = {"TLS 1.0": "TLSv1", "TLS 1.1": "TLSv1_1"}
MAX_NAMES = 100
MAX_TEXT = 500
# OpenSSL counts ciphers and keys of old servers as level 0, and does not even offer them above.
_CIPHERS = "DEFAULT:@SECLEVEL=0"
_NOT_OURS = frozenset({"NO_PROTOCOLS_AVAILABLE", "NO_CIPHERS_AVAILABLE", "INTERNAL_ERROR"})
_UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


def reading() -> ssl.SSLContext:
    """For reading whatever the server's certificate is worth, from TLS 1.0 on."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers(_CIPHERS)
    # Servers that never got Microsoft's fix of 2010 for renegotiation; OpenSSL 3 refuses them.
    context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    return context


def distrust(visit: Visit) -> str | None:
    """Why this machine does not trust the certificate; "" if it does, None if nobody knows."""
    context = reading()
    context.verify_mode = ssl.CERT_REQUIRED
    context.check_hostname = not visit.address.is_ip
    context.load_default_certs()
    try:
        with visit.open(context):
            return ""
    except EvidenceError as error:
        cause = error.__cause__
        return cause.verify_message if isinstance(cause, ssl.SSLCertVerificationError) else None


def accepts(visit: Visit, protocol: str) -> bool | None:
    """Whether the server agrees to an old protocol; None if that could not be tried."""
    context = reading()
    version = getattr(ssl.TLSVersion, _VERSIONS[protocol])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that it is old is why we ask
        context.minimum_version = version
        context.maximum_version = version
    try:
        with visit.open(context):
            return True
    except EvidenceError as error:
        cause = error.__cause__
    if isinstance(cause, ssl.SSLError):
        return None if cause.reason in _NOT_OURS else False
    # Windows closes the connection where it has no protocol in common.
    return False if isinstance(cause, ConnectionResetError) else None


def certificate(der: bytes) -> Certificate | None:
    """What stands in a certificate; None if it cannot be read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of certificates that break rules nobody asks about
            return _certificate(x509.load_der_x509_certificate(der), der)
    except _UNREADABLE:
        return None


def _certificate(held: x509.Certificate, der: bytes) -> Certificate:
    key = held.public_key()
    kind, bits = type(key).__name__.removesuffix("PublicKey"), None
    if isinstance(key, rsa.RSAPublicKey):
        kind, bits = "RSA", key.key_size
    elif isinstance(key, ec.EllipticCurvePublicKey):
        kind, bits = f"ECC {key.curve.name}", key.key_size
    hashed = held.signature_hash_algorithm
    return Certificate(
        subject=held.subject.rfc4514_string()[:MAX_TEXT],
        issuer=held.issuer.rfc4514_string()[:MAX_TEXT],
        names=tuple(_names(held)),
        begins=held.not_valid_before_utc,
        ends=held.not_valid_after_utc,
        key=kind,
        key_bits=bits,
        signed_with="" if hashed is None else hashed.name,
        is_self_issued=held.subject == held.issuer,
        digest=hashlib.sha256(der).hexdigest(),
    )


def _names(held: x509.Certificate) -> Iterable[str]:
    try:
        found = held.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    names = [
        *found.get_values_for_type(x509.DNSName),
        *map(str, found.get_values_for_type(x509.IPAddress)),
    ]
    return (name[:MAX_TEXT] for name in names[:MAX_NAMES])
