"""What the checks of the certificate have in common: how to put a better one in place."""

from __future__ import annotations

from exward.posture.checks.interface import Fix

SOURCES = (
    "https://learn.microsoft.com/exchange/architecture/client-access/certificates",
    "https://learn.microsoft.com/exchange/architecture/client-access/renew-certificates",
)
FIX = Fix(
    change=(
        "Get a certificate for the names that clients use: New-ExchangeCertificate "
        "-GenerateRequest -DomainName mail.example, autodiscover.example -KeySize 2048; after "
        "Import-ExchangeCertificate: Enable-ExchangeCertificate -Thumbprint … -Services IIS"
    ),
    preview=(
        "Get-ExchangeCertificate | Format-List Subject, CertificateDomains, NotAfter, IsSelfSigned"
    ),
    undo="Enable-ExchangeCertificate -Thumbprint (the former one) -Services IIS",
    breaks=(
        "With Extended Protection a proxy in front needs the same certificate. If a proxy ends "
        "TLS, the certificate is to be changed there."
    ),
)
