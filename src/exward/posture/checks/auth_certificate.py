"""The Auth certificate signs tokens between servers and what PowerShell sends."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.certificates import EXCHANGE, STORE, auth_thumbprint, present, thumbprint
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.own import as_of, days_until

ID = "auth-certificate"
TITLE = "The Auth certificate is on the server and valid"
SEVERITY = Severity.HIGH
READS = ("Get-AuthConfig", EXCHANGE, STORE)
GOOD = (
    "CurrentCertificateThumbprint is in the store and valid; a next one is set in the last 60 days"
)
WHY = (
    "When it is missing or has run out, hybrid, signed PowerShell data and OAuth fail, and people "
    "switch those defences off."
)
FIX = Fix(
    change=(
        "MonitorExchangeAuthCertificate.ps1 -ValidateAndRenewAuthCertificate $true "
        "# or Set-AuthConfig -NewCertificateThumbprint …, then -PublishCertificate"
    ),
    preview="Get-AuthConfig | fl *Certificate*; MonitorExchangeAuthCertificate.ps1",
    undo="Set-AuthConfig -NewCertificateThumbprint OLD -NewCertificateEffectiveDate (Get-Date)",
    breaks="In hybrid the Hybrid Configuration Wizard has to be run again.",
)
SOURCES = (
    "https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/AuthCertificateCheck/",
    "https://microsoft.github.io/CSS-Exchange/Admin/MonitorExchangeAuthCertificate/",
)
_SOON_DAYS = 60


def judge(inventory: Inventory) -> Answer:
    """Look the thumbprint up on this server, as of the day of collection."""
    configuration = inventory.row(READS[0])
    certificates = present(inventory)
    if configuration is None or certificates is None:
        return not_collected(READS)
    current = auth_thumbprint(inventory)
    if current is None:
        return unknown("CurrentCertificateThumbprint was not collected.")
    found = [row for row in certificates if thumbprint(row) == current]
    if not found:
        return failed(f"The certificate {current[:8]} is not on this server.")
    now = as_of(inventory, EXCHANGE) or as_of(inventory, STORE)
    end = found[0].moment("NotAfter")
    if now is None or end is None:
        return unknown("When the Auth certificate runs out, or was collected, is not known.")
    return _by_days(days_until(end, now), bool(configuration.text("NextCertificateThumbprint")))


def _by_days(days: int, has_next: bool) -> Answer:
    if days < 0:
        return failed("The Auth certificate has run out.")
    if days < _SOON_DAYS and not has_next:
        return failed(f"It runs out in {days} days, and no next one is set.", Severity.MEDIUM)
    return passed(f"The Auth certificate is valid for {days} days.")
