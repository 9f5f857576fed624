"""AMSI hands scripts and web requests to an antivirus program: somebody must be listening."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import antivirus
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed, unknown
from exward.posture.inventory import Inventory

ID = "amsi-provider"
TITLE = "An antivirus program listens to AMSI"
SEVERITY = Severity.HIGH
READS = ("registry", "defender")
GOOD = r"A provider is registered below SOFTWARE\Microsoft\AMSI\Providers; script scanning is on"
WHY = (
    "Without a provider Exchange's scan of web requests, and PowerShell's of scripts, passes "
    "everything."
)
FIX = Fix(
    change=(
        "Set-MpPreference -DisableScriptScanning $false; if no provider is registered, reinstall "
        "Defender (Install-WindowsFeature Windows-Defender) or the product in its place"
    ),
    preview=(
        r"Get-ChildItem 'HKLM:\SOFTWARE\Microsoft\AMSI\Providers'; Get-MpPreference | fl "
        r"DisableScriptScanning"
    ),
    undo="Set-MpPreference -DisableScriptScanning $true",
)
SOURCES = (
    "https://learn.microsoft.com/windows/win32/amsi/antimalware-scan-interface-portal",
    "https://learn.microsoft.com/exchange/antispam-and-antimalware/amsi-integration-with-exchange",
)
_PROVIDERS = r"HKLM\SOFTWARE\Microsoft\AMSI\Providers"
# The provider of Microsoft Defender Antivirus.
_DEFENDER = "{2781761e-28e0-4109-99fe-b9d127c57afe}"


def judge(inventory: Inventory) -> Answer:
    """Judge the registered providers; Defender's also by its own setting."""
    parent = inventory.key(_PROVIDERS)
    prefix = f"{_PROVIDERS.lower()}\\"
    providers = [
        path.removeprefix(prefix)
        for path, key in inventory.registry.items()
        if path.startswith(prefix) and key.exists
    ]
    if parent is None and not providers:
        return not_collected(("registry",))
    if not providers:
        return failed("No provider is registered.")
    preference = antivirus.preference(inventory)
    off = None if preference is None else preference.truth("DisableScriptScanning")
    if [*providers] == [_DEFENDER] and off is not False:
        said = "Defender is the only provider, and its script scanning is"
        return failed(f"{said} off.") if off else unknown(f"{said} not known.")
    return passed(f"{len(providers):,} providers are registered.")
