"""A certificate that runs out stops mail and teaches users to click warnings away."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.certificates import READS as READS
from exward.posture.certificates import called, used
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed, unknown
from exward.posture.checks.judging import listing, worst
from exward.posture.inventory import Inventory
from exward.posture.own import as_of, days_until

ID = "certificate-expiry"
TITLE = "No certificate in use runs out within 60 days"
SEVERITY = Severity.HIGH
GOOD = "60 days or more are left; below 30 it is high"
WHY = (
    "When it runs out mail and logons stop, and users who learn to click warnings away will do so "
    "for an attacker's certificate, too."
)
FIX = Fix(
    change=(
        "New-ExchangeCertificate -GenerateRequest …; Import-ExchangeCertificate …; "
        "Enable-ExchangeCertificate -Thumbprint NEW -Services IIS,SMTP"
    ),
    preview="Get-ExchangeCertificate | ft Thumbprint, Services, NotAfter, Subject",
    undo="Enable-ExchangeCertificate -Thumbprint OLD -Services IIS,SMTP",
    breaks="Connectors that name the old certificate (TlsCertificateName); load balancers.",
)
SOURCES = (
    "https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/CertificateCheck/",
    "https://learn.microsoft.com/exchange/architecture/client-access/renew-certificates",
)
# HealthChecker's limits.
_GOOD_DAYS, _LEAST_DAYS = 60, 30


def judge(inventory: Inventory) -> Answer:
    """Judge those in use as of the day on which they were collected."""
    certificates = used(inventory)
    if certificates is None:
        return not_collected(READS)
    now = as_of(inventory, READS[0]) or as_of(inventory, READS[1])
    if now is None:
        return unknown("When the certificates were collected is not known.")
    if not certificates:
        return failed("No certificate is assigned to a service.")
    ends = [(called(row), row.moment("NotAfter")) for row in certificates]
    left = [(name, days_until(end, now)) for name, end in ends if end is not None]
    weak = worst((_severity(days), _said(name, days)) for name, days in left if days < _GOOD_DAYS)
    if weak is not None:
        return weak
    if unread := [name for name, end in ends if end is None]:
        return unknown(f"Not known when these run out: {listing(unread)}.")
    return passed(f"At least {min(days for _, days in left)} days are left.")


def _severity(days: int) -> Severity:
    return SEVERITY if days < _LEAST_DAYS else Severity.MEDIUM


def _said(name: str, days: int) -> str:
    return f"{name} ran out" if days < 0 else f"{name} runs out in {days} days"
