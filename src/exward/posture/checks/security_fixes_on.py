"""Some security fixes can be switched off by a setting override, also on products without the CVE.

Exchange SE holds the fixes of 2019 from its first day, so that no CVE of theirs names it; the
overrides work on it all the same.
"""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed
from exward.posture.checks.judging import listing
from exward.posture.inventory import Inventory
from exward.posture.overrides import AREA, settings

ID = "security-fixes-on"
TITLE = "No setting override switches a security fix off"
SEVERITY = Severity.HIGH
READS = (AREA,)
GOOD = "no override sets one of the parameters of security fixes to false"
WHY = "The build says that it is patched, and the hole is open again for whoever knows of it."
FIX = Fix(
    change=(
        "Get-SettingOverride 'NAME' | Remove-SettingOverride; Get-ExchangeDiagnosticInfo -Process "
        "Microsoft.Exchange.Directory.TopologyService -Component VariantConfiguration -Argument "
        "Refresh"
    ),
    preview="Get-SettingOverride | fl Name, ComponentName, SectionName, Parameters, Reason",
    undo="New-SettingOverride 'NAME' with the values that the preview showed",
    breaks="What the fix broke when somebody switched it off.",
)
SOURCES = (
    "https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/SettingOverridesCheck/",
    "https://learn.microsoft.com/powershell/module/exchange/new-settingoverride",
)
# Parameter → what it fixes; from HealthChecker's table of overrides that open a vulnerability.
# Signing of serialised data, types in it and AMSI have checks of their own.
_FIXES = {
    "transport/noncompliantsendersettings/addp2fromregexmatchheader": "CVE-2024-49040",
    "oauth/appidbasedaudiencevalidation/enabled": "CVE-2025-25005",
    "transport/noncompliantsendersettings/blocknullbytesinfromheader": "CVE-2025-25006",
    "transport/noncompliantsendersettings/blockcharactersafterunquotedsemicolon": "CVE-2025-25007",
    "cafe/removebackendcookiefromautodiscoverv2response/enabled": "CVE-2025-33051",
    "global/cattokenauthorizationcheck/enabled": "CVE-2025-53782",
    "transport/noncompliantsendersettings/blockemailwithmultiplep2fromheaders": "CVE-2025-59248",
    "transport/parsegroupemailaddressesinpartnerutils/enabled": "CVE-2025-59248",
    "contentconversion/inboundmimeheaderparsercheckgroupaddresses/enabled": "CVE-2025-59248",
}


def judge(inventory: Inventory) -> Answer:
    """Judge the overrides that hold for this server."""
    found = settings(inventory)
    if found is None:
        return not_collected(READS)
    off = [
        f"{one.override!r} opens {_FIXES[one.path.lower()]}"
        for one in found
        if one.is_off and one.path.lower() in _FIXES
    ]
    return failed(f"{listing(off)}.") if off else passed("No override switches a fix off.")
