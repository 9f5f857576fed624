"""Exchange hands web requests to the antivirus program before it acts on them."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import windows
from exward.posture.checks.interface import Answer, Fix, failed, not_applicable, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.levels import reaches
from exward.posture.overrides import AREA, settings

ID = "amsi-web-scan"
TITLE = "Exchange has web requests scanned (AMSI)"
SEVERITY = Severity.HIGH
READS = (AREA, "host", "build")
GOOD = "no setting override sets Cafe/HttpRequestFiltering/Enabled to False"
WHY = "It stops known exploits before the request reaches code that is not patched yet."
FIX = Fix(
    change=(
        "Get-SettingOverride | ? SectionName -eq HttpRequestFiltering | Remove-SettingOverride; "
        "Get-ExchangeDiagnosticInfo -Process Microsoft.Exchange.Directory.TopologyService "
        "-Component VariantConfiguration -Argument Refresh; Restart-Service W3SVC, WAS -Force"
    ),
    preview="Get-SettingOverride | ? SectionName -eq HttpRequestFiltering | fl",
    undo=(
        "New-SettingOverride NoAmsi -Component Cafe -Section HttpRequestFiltering "
        "-Parameters Enabled=False -Reason 'Temporary'"
    ),
    breaks="Antivirus programs that answer slowly slow Outlook down.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/antispam-and-antimalware/amsi-integration-with-exchange",
    "https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/AMSIIntegration/",
)
# 2016 CU21 and 2019 CU10.
_FIRST = ("15.1.2308.8", "15.2.922.7")
_SETTING = "cafe/httprequestfiltering/enabled"


def judge(inventory: Inventory) -> Answer:
    """On by default where Exchange and Windows have it; an override may switch it off."""
    system, has_it = windows.build(inventory), reaches(inventory, _FIRST)
    if system is not None and system < windows.SERVER_2016:
        return not_applicable(f"{windows.named(system)} has no AMSI.")
    if has_it is False:
        return not_applicable("This build came before AMSI: it needs a newer cumulative update.")
    found = settings(inventory)
    if found is None:
        return unknown(f"Not collected: {AREA}.")
    off = [one for one in found if one.path.lower() == _SETTING and one.value.lower() != "true"]
    if off:
        return failed(f"The override {off[0].override!r} sets it to {off[0].value!r}.")
    if system is None or has_it is None:
        return unknown("Whether this Windows and this build have AMSI is not known.")
    return passed("No override switches it off.")
