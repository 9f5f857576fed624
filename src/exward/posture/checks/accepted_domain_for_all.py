"""An accepted domain `*` makes the server accept mail to everybody."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import named, objects

ID = "accepted-domain-for-all"
TITLE = "Mail is accepted for named domains only"
SEVERITY = Severity.CRITICAL
READS = ("Get-AcceptedDomain",)
GOOD = "No accepted domain is *"
WHY = "The server is an open relay for the whole internet, whatever its connectors say."
FIX = Fix(
    change="Remove-AcceptedDomain 'NAME'",
    preview="Get-AcceptedDomain | ft Name, DomainName, DomainType",
    undo="New-AcceptedDomain 'NAME' -DomainName * -DomainType ExternalRelay",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/mail-flow/accepted-domains/accepted-domains",
    "https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/",
)


def judge(inventory: Inventory) -> Answer:
    """Judge the names of the domains."""
    found = objects(inventory, "Get-AcceptedDomain")
    if not found:
        return not_collected(READS)
    weak = [f"{named(row, 'Name')} is *" for row in found if row.text("DomainName") == "*"]
    missing = [
        f"the domain of {named(row, 'Name')}" for row in found if row.text("DomainName") is None
    ]
    return concluded(weak, missing, f"All {len(found):,} accepted domains have a name.")
