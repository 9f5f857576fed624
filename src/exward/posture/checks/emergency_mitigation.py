"""Microsoft can stop an attack in hours, before there is an update, if this is on."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, not_applicable, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import own_row
from exward.posture.levels import reaches

ID = "emergency-mitigation"
TITLE = "Emergency mitigations are taken"
SEVERITY = Severity.HIGH
READS = ("Get-OrganizationConfig", "Get-ExchangeServer", "build")
GOOD = "MitigationsEnabled is True for the organisation and for the server"
WHY = "Between the first attack and your update it is the only thing that stops the exploit."
FIX = Fix(
    change=(
        "Set-OrganizationConfig -MitigationsEnabled $true; "
        "Set-ExchangeServer $env:COMPUTERNAME -MitigationsEnabled $true"
    ),
    preview="Get-OrganizationConfig | fl MitigationsEnabled; Get-ExchangeServer | ft Name, Mitig*",
    undo="Set-OrganizationConfig -MitigationsEnabled $false",
    breaks="A mitigation may switch a function off until the update is installed.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/security-best-practices/exchange-emergency-mitigation-service",
    "https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/EEMSCheck/",
)
# 2016 CU22 and 2019 CU11.
_FIRST = ("15.1.2375.7", "15.2.986.5")


def judge(inventory: Inventory) -> Answer:
    """Both places have to have it on."""
    if reaches(inventory, _FIRST) is False:
        return not_applicable("This build came before the Emergency Mitigation service.")
    rows = {"organisation": inventory.row(READS[0]), "server": own_row(inventory, READS[1])}
    if all(row is None for row in rows.values()):
        return not_collected(READS[:2])
    told = {
        where: None if row is None else row.truth("MitigationsEnabled")
        for where, row in rows.items()
    }
    return concluded(
        [f"they are off for the {where}" for where, value in told.items() if value is False],
        [f"MitigationsEnabled of the {where}" for where, value in told.items() if value is None],
        "They are on for the organisation and for the server.",
    )
