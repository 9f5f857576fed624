"""The certificate that users meet must be one that their programs trust."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.certificates import EXCHANGE, called, is_self_signed, services, used
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed, unknown
from exward.posture.checks.judging import listing
from exward.posture.inventory import Inventory

ID = "certificate-trusted"
TITLE = "The web server's certificate is trusted and not revoked"
SEVERITY = Severity.HIGH
READS = (EXCHANGE, "certificates")
GOOD = "a certificate with the service IIS that an authority issued; Status is Valid for all"
WHY = (
    "Users who are used to warnings do not notice the one of an attacker between them and the "
    "server; a revoked certificate may be in other hands."
)
FIX = Fix(
    change=(
        "New-ExchangeCertificate -GenerateRequest …; Import-ExchangeCertificate …; "
        "Enable-ExchangeCertificate -Thumbprint NEW -Services IIS"
    ),
    preview="Get-ExchangeCertificate | ft Thumbprint, Services, IsSelfSigned, Status, Issuer",
    undo="Enable-ExchangeCertificate -Thumbprint OLD -Services IIS",
)
SOURCES = (
    "https://learn.microsoft.com/powershell/module/exchange/get-exchangecertificate",
    "https://learn.microsoft.com/exchange/architecture/client-access/certificates",
)
_BAD = frozenset({"revoked", "invalid", "untrusted"})


def judge(inventory: Inventory) -> Answer:
    """The back end has a self-signed one by design: one of an authority must be there, too."""
    if inventory.rows(EXCHANGE) is None:
        return not_collected(READS[:1])
    certificates = used(inventory) or ()
    bad = [called(row) for row in certificates if (row.text("Status") or "").lower() in _BAD]
    if bad:
        return failed(f"Revoked, invalid or untrusted: {listing(bad)}.")
    web = [row for row in certificates if "iis" in (services(row) or ())]
    if not web:
        return unknown("No certificate is known to serve IIS.")
    issued = [row for row in web if is_self_signed(row) is False]
    if not issued:
        told = all(is_self_signed(row) for row in web)
        return failed("IIS has self-signed certificates only.") if told else _untold()
    if any((row.text("Status") or "").lower() != "valid" for row in issued):
        return unknown(
            f"The status of these could not be verified: {listing(map(called, issued))}."
        )
    return passed(f"IIS has {listing(map(called, issued))}.")


def _untold() -> Answer:
    return unknown("Whether IIS's certificates are self-signed was not collected.")
