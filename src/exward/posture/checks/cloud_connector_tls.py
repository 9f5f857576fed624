"""Mail between the server and Exchange Online counts as internal: the way must be proved."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, not_applicable, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import named, objects
from exward.posture.row import Row

ID = "cloud-connector-tls"
TITLE = "Connectors to Exchange Online require TLS and check the certificate"
SEVERITY = Severity.MEDIUM
READS = ("Get-SendConnector",)
GOOD = "RequireTLS is True and TlsAuthLevel is CertificateValidation or DomainValidation"
WHY = "Someone between the server and the cloud can otherwise read, and be, either side."
FIX = Fix(
    change="Set-SendConnector NAME -RequireTLS $true -TlsAuthLevel DomainValidation -TlsDomain "
    "mail.protection.outlook.com",
    preview="Get-SendConnector | ? CloudServicesMailEnabled | fl Name, RequireTLS, Tls*",
    undo="Set-SendConnector NAME -RequireTLS $false -TlsAuthLevel $null -TlsDomain $null",
    breaks="Mail to the cloud if a device on the way takes TLS apart.",
)
SOURCES = (
    "https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/CloudConnectorCheck/",
    "https://learn.microsoft.com/powershell/module/exchange/set-sendconnector",
)
_LEVELS = frozenset({"certificatevalidation", "domainvalidation"})


def judge(inventory: Inventory) -> Answer:
    """Judge the connectors that carry mail of the cloud."""
    connectors = objects(inventory, READS[0])
    if connectors is None:
        return not_collected(READS)
    cloud = [row for row in connectors if row.truth("CloudServicesMailEnabled") is not False]
    active = [row for row in cloud if row.truth("Enabled") is not False]
    if not active:
        return not_applicable("No connector carries mail of Exchange Online.")
    weak = [row for row in active if row.truth("CloudServicesMailEnabled") and _is_weak(row)]
    unread = [row for row in active if row not in weak and _is_unread(row)]
    return concluded(
        [f"{named(row, 'Name', 'Identity')} does not check who is there" for row in weak],
        [f"how {named(row, 'Name', 'Identity')} is secured" for row in unread],
        f"TLS is required and checked on {len(active)} connectors.",
    )


def _is_weak(row: Row) -> bool:
    level = row.text("TlsAuthLevel")
    is_low = "TlsAuthLevel" in row and (level or "").lower() not in _LEVELS
    return row.truth("RequireTLS") is False or is_low


def _is_unread(row: Row) -> bool:
    told = row.truth("CloudServicesMailEnabled"), row.truth("RequireTLS"), row.text("TlsAuthLevel")
    return None in told
