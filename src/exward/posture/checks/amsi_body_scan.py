"""Exploits are in the body of a request, which is scanned only if that is on."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, not_applicable, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.levels import reaches
from exward.posture.overrides import AREA, settings

ID = "amsi-body-scan"
TITLE = "Bodies of web requests are scanned for every protocol"
SEVERITY = Severity.MEDIUM
READS = (AREA, "build")
GOOD = (
    "EnabledAll of Cafe/AmsiRequestBodyScanning is True, or not set from the SU of August 2025 on"
)
WHY = "Without it only addresses and headers are scanned: exploits after logon are in the body."
FIX = Fix(
    change=(
        "New-SettingOverride AmsiBodyScan -Component Cafe -Section AmsiRequestBodyScanning "
        "-Parameters EnabledAll=True -Reason 'Scan bodies'; Get-ExchangeDiagnosticInfo -Process "
        "Microsoft.Exchange.Directory.TopologyService -Component VariantConfiguration -Argument "
        "Refresh; Restart-Service W3SVC, WAS -Force"
    ),
    preview="Get-SettingOverride | ? SectionName -eq AmsiRequestBodyScanning | fl",
    undo="Remove-SettingOverride AmsiBodyScan",
    breaks="Large requests take longer.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/antispam-and-antimalware/amsi-integration-with-exchange",
    "https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/AMSIIntegration/",
)
# Security updates of November 2024, which brought it, and of August 2025, which switched it on.
_FIRST = ("15.1.2507.43", "15.2.1258.38", "15.2.1544.13", "15.2.1748.10")
_DEFAULT = ("15.1.2507.58", "15.2.1544.33", "15.2.1748.36", "15.2.2562.20")
_SECTION = "cafe/amsirequestbodyscanning/enabled"
_ALL = "all"
_PROTOCOLS = frozenset(
    {"api", "autod", "ecp", "ews", "mapi", "eas", "oab", "owa", "powershell", "others"}
)


def judge(inventory: Inventory) -> Answer:
    """One that is on for all, or each protocol by itself, or by default and nowhere off."""
    if reaches(inventory, _FIRST) is False:
        return not_applicable("This build came before it: it needs a newer update.")
    found = settings(inventory)
    if found is None:
        return unknown(f"Not collected: {AREA}.")
    told = {
        one.path.lower().removeprefix(_SECTION): one.value.lower()
        for one in found
        if one.path.lower().startswith(_SECTION)
    }
    on = {name for name, value in told.items() if value == "true"}
    off = sorted(set(told) - on)
    if on >= _PROTOCOLS or (_ALL in on and not off):
        return _if_known(inventory, "Overrides have it on for all protocols.")
    if off:
        return failed(f"Overrides have it off for: {', '.join(off[:10])}.")
    by_default = reaches(inventory, _DEFAULT)
    if by_default is None:
        return unknown("Whether this build has it on by default is not known.")
    if by_default:
        return passed("It is on by default, and no override switches it off.")
    only = f"for {', '.join(sorted(on))} only" if on else "off"
    return failed(f"Before the security update of August 2025 it is off by default: {only}.")


def _if_known(inventory: Inventory, said: str) -> Answer:
    if reaches(inventory, _FIRST):
        return passed(said)
    return unknown(f"{said} Whether this build has it is not known.")
