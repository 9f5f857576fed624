"""A key that stands for every name of the domain should not lie on an exposed server."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.certificates import READS as READS
from exward.posture.certificates import called, used
from exward.posture.checks.interface import Answer, Fix, not_collected, unknown
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory

ID = "certificate-wildcard"
TITLE = "No certificate in use stands for every name of a domain"
SEVERITY = Severity.LOW
GOOD = "certificates that name the hosts they are for"
WHY = "Whoever takes the key from this server can be any server of the domain."
FIX = Fix(
    change=(
        "New-ExchangeCertificate -GenerateRequest -DomainName mail.example.com,autodiscover."
        "example.com …; Enable-ExchangeCertificate -Thumbprint NEW -Services IIS,SMTP"
    ),
    preview="Get-ExchangeCertificate | ft Thumbprint, Services, CertificateDomains",
    undo="Enable-ExchangeCertificate -Thumbprint OLD -Services IIS,SMTP",
    breaks="Names that the new certificate does not hold.",
)
SOURCES = ("https://learn.microsoft.com/exchange/architecture/client-access/certificates",)


def judge(inventory: Inventory) -> Answer:
    """Judge the subject of those in use."""
    certificates = used(inventory)
    if certificates is None:
        return not_collected(READS)
    if not certificates:
        return unknown("No certificate is assigned to a service.")
    subjects = [(row, row.text("Subject")) for row in certificates]
    return concluded(
        [called(row) for row, subject in subjects if subject and "cn=*." in subject.lower()],
        [f"the subject of {called(row)}" for row, subject in subjects if not subject],
        "Every certificate in use names its hosts.",
    )
