"""In hybrid the server should have an application of its own in the tenant."""

from __future__ import annotations

from exward.model.outcome import Status
from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, unknown
from exward.posture.conditions import hybrid_app
from exward.posture.facts import Condition
from exward.posture.inventory import Inventory

ID = "hybrid-application"
TITLE = "Hybrid uses its own application in the tenant"
SEVERITY = Severity.HIGH
READS = hybrid_app.READS
GOOD = "A dedicated hybrid application, and no keys left on the shared principal of Exchange Online"
WHY = (
    "With the shared principal whoever takes over the server takes over the tenant's mail, and "
    "hardly leaves a trace (CVE-2025-53786)."
)
FIX = Fix(
    change=(
        r".\ConfigureExchangeHybridApplication.ps1 -FullyConfigureExchangeHybridApplication, then "
        r".\ConfigureExchangeHybridApplication.ps1 -ResetFirstPartyServicePrincipalKeyCredentials"
    ),
    preview=(
        "Get-SettingOverride | fl Name, ComponentName, SectionName, Parameters; Get-AuthServer | "
        "fl Name, ApplicationIdentifier"
    ),
    undo=(
        r".\ConfigureExchangeHybridApplication.ps1 -DeleteApplication; keys that were reset come "
        r"back with the Hybrid Configuration Wizard"
    ),
)
SOURCES = ("https://learn.microsoft.com/exchange/hybrid-deployment/deploy-dedicated-hybrid-app",)
_CONDITION = Condition("hybrid-app")


def judge(inventory: Inventory) -> Answer:
    """Judge as for CVE-2025-53786; that keys are gone shows only in the tenant: never a pass."""
    answer = hybrid_app.judge(_CONDITION, inventory)
    if answer.status is Status.UNKNOWN:
        return unknown(f"Not known: {answer.reason}.")
    return answer
