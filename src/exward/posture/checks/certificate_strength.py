"""Short keys and SHA-1 can be broken or forged."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.certificates import READS as READS
from exward.posture.certificates import called, used
from exward.posture.checks.interface import Answer, Fix, not_collected, unknown
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.row import Row

ID = "certificate-strength"
TITLE = "Certificates in use have strong keys and signatures"
SEVERITY = Severity.HIGH
GOOD = "RSA of 2,048 bits or more (or an elliptic curve of 256), signed with SHA-2"
WHY = "A short key can be computed, a SHA-1 signature forged: someone else is your mail server."
FIX = Fix(
    change=(
        "New-ExchangeCertificate -KeySize 2048 -GenerateRequest …; "
        "Enable-ExchangeCertificate -Thumbprint NEW -Services IIS,SMTP"
    ),
    preview="Get-ExchangeCertificate | ft Thumbprint, Services, PublicKeySize, SignatureAlgorithm",
    undo="Enable-ExchangeCertificate -Thumbprint OLD -Services IIS,SMTP",
    breaks="Connectors that name the old certificate (TlsCertificateName); load balancers.",
)
SOURCES = (
    "https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/CertificateCheck/",
    "https://learn.microsoft.com/exchange/architecture/client-access/certificates",
)
_LEAST_RSA, _LEAST_CURVE = 2048, 256


def judge(inventory: Inventory) -> Answer:
    """Judge key and signature of those in use."""
    certificates = used(inventory)
    if certificates is None:
        return not_collected(READS)
    if not certificates:
        return unknown("No certificate is assigned to a service.")
    weak, unread = [], []
    for row in certificates:
        for is_strong, what in ((_key(row), "key"), (_signature(row), "signature")):
            if is_strong is None:
                unread.append(f"the {what} of {called(row)}")
            elif not is_strong:
                weak.append(f"{called(row)} has a weak {what}")
    return concluded(weak, unread, f"All {len(certificates)} have strong keys and signatures.")


def _key(row: Row) -> bool | None:
    bits = row.number("PublicKeySize")
    bits = row.number("KeyBits") if bits is None else bits
    if bits is None:
        return None
    is_curve = (row.text("KeyAlgorithm") or "").upper().startswith("EC")
    return bits >= (_LEAST_CURVE if is_curve else _LEAST_RSA)


def _signature(row: Row) -> bool | None:
    algorithm = (row.text("SignatureAlgorithm") or "").lower()
    if "sha1" in algorithm or "md5" in algorithm or "md2" in algorithm:
        return False
    return True if any(one in algorithm for one in ("sha2", "sha3", "sha5", "pss")) else None
