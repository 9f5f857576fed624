"""Servers of the organisation know each other's SMTP by this certificate."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.certificates import EXCHANGE, STORE, present, thumbprint
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.known import own_row

ID = "internal-transport-certificate"
TITLE = "The internal transport certificate is on the server"
SEVERITY = Severity.MEDIUM
READS = ("Get-TransportService", EXCHANGE, STORE)
GOOD = "InternalTransportCertificateThumbprint is the thumbprint of a certificate in the store"
WHY = "Without it mail between Exchange's own services and servers is not encrypted, or stops."
FIX = Fix(
    change=(
        "New-ExchangeCertificate -Services SMTP -DomainName $env:COMPUTERNAME -IncludeServerFQDN "
        "-KeySize 2048 -Force; Restart-Service MSExchangeTransport"
    ),
    preview=(
        "Get-TransportService $env:COMPUTERNAME | fl InternalTransportCertificateThumbprint; "
        "Get-ExchangeCertificate | ft Thumbprint, Services, NotAfter"
    ),
    undo="Enable-ExchangeCertificate -Thumbprint OLD -Services SMTP",
)
SOURCES = (
    "https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/InternalTransportCertificateCheck/",
)


def judge(inventory: Inventory) -> Answer:
    """Look the thumbprint up on this server."""
    transport = own_row(inventory, READS[0])
    certificates = present(inventory)
    if transport is None or certificates is None:
        return not_collected(READS)
    wanted = transport.text("InternalTransportCertificateThumbprint")
    if not wanted:
        return unknown("InternalTransportCertificateThumbprint was not collected.")
    if any(thumbprint(row) == wanted.upper() for row in certificates):
        return passed(f"The certificate {wanted[:8]} is on this server.")
    return failed(f"The certificate {wanted[:8]} is not on this server.")
