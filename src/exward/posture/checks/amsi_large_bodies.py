"""What is larger than the scan reaches passes unseen, or is refused."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, not_applicable, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.levels import reaches
from exward.posture.overrides import AREA, settings

ID = "amsi-large-bodies"
TITLE = "Requests larger than what is scanned are refused"
SEVERITY = Severity.LOW
READS = (AREA, "build")
GOOD = "Cafe/BlockRequestBodyGreaterThanMaxScanSize is on for the protocols that can bear it"
WHY = "An attacker can put his payload behind a megabyte of filling, where nothing looks."
FIX = Fix(
    change=(
        "New-SettingOverride AmsiLarge -Component Cafe -Section "
        "BlockRequestBodyGreaterThanMaxScanSize -Parameters EnabledEcp=True,EnabledPowerShell=True "
        "-Reason 'Refuse what is not scanned' # then refresh VariantConfiguration, restart W3SVC"
    ),
    preview="Get-SettingOverride | ? SectionName -eq BlockRequestBodyGreaterThanMaxScanSize | fl",
    undo="Remove-SettingOverride AmsiLarge",
    breaks="Uploads above 1 MB over that protocol, also while AMSI itself is off.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/antispam-and-antimalware/amsi-integration-with-exchange",
    "https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/AMSIIntegration/",
)
# Security updates of November 2024.
_FIRST = ("15.1.2507.43", "15.2.1258.38", "15.2.1544.13", "15.2.1748.10")
_SECTION = "cafe/blockrequestbodygreaterthanmaxscansize/enabled"


def judge(inventory: Inventory) -> Answer:
    """Off unless an override switches it on."""
    has_it = reaches(inventory, _FIRST)
    if has_it is False:
        return not_applicable("This build came before it: it needs a newer update.")
    found = settings(inventory)
    if found is None or has_it is None:
        return unknown(f"Not collected: {AREA if found is None else 'build'}.")
    on = [one for one in found if one.path.lower().startswith(_SECTION)]
    names = sorted(one.path[len(_SECTION) :] for one in on if one.value.lower() == "true")
    if names:
        return passed(f"On for: {', '.join(names[:10])}.")
    return failed("It is off: larger requests pass without being scanned.")
