"""Settings that switch Defender off stay after whoever made them has gone."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import antivirus
from exward.posture.checks.interface import Answer, Fix, unknown
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import registered

ID = "defender-switched-off"
TITLE = "No setting switches Defender off"
SEVERITY = Severity.HIGH
READS = ("defender", "registry", "services")
GOOD = "None of the Disable… values of policy, registry and preferences is set"
WHY = (
    "Intruders and careless installers set these values; Defender then stays off after every "
    "restart."
)
FIX = Fix(
    change=(
        r"Remove-ItemProperty 'HKLM:\SOFTWARE\Policies\Microsoft\Windows Defender' "
        r"DisableAntiSpyware, DisableAntiVirus; Set-MpPreference -DisableRealtimeMonitoring "
        r"$false -DisableScriptScanning $false -DisableBehaviorMonitoring $false "
        r"-DisableIOAVProtection $false"
    ),
    preview=(
        r"Get-ItemProperty 'HKLM:\SOFTWARE\Policies\Microsoft\Windows Defender*'; "
        r"Get-MpPreference | fl Disable*"
    ),
    undo="Set the same values to 1 again",
)
SOURCES = (
    "https://learn.microsoft.com/windows-hardware/customize/desktop/unattend/security-malware-windows-defender-disableantispyware",
    "https://learn.microsoft.com/powershell/module/defender/set-mppreference",
)
_PREFERENCES = (
    "DisableRealtimeMonitoring",
    "DisableScriptScanning",
    "DisableBehaviorMonitoring",
    "DisableIOAVProtection",
)
_VALUES = {
    r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender": (
        "DisableAntiSpyware",
        "DisableAntiVirus",
    ),
    r"HKLM\SOFTWARE\Microsoft\Windows Defender": ("DisableAntiSpyware", "DisableAntiVirus"),
    r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Real-Time Protection": (
        *_PREFERENCES,
        "DisableOnAccessProtection",
    ),
    r"HKLM\SOFTWARE\Microsoft\Windows Defender\Real-Time Protection": (
        *_PREFERENCES,
        "DisableOnAccessProtection",
    ),
}


def judge(inventory: Inventory) -> Answer:
    """Judge policy, registry and preferences; a product in Defender's place may set them."""
    read = [
        (f"{path[5:]}: {name}", registered(inventory, path, name))
        for path, names in _VALUES.items()
        for name in names
    ]
    weak = [f"{place} is {value.number}" for place, value in read if value.number]
    preference = antivirus.preference(inventory)
    weak += [name for name in _PREFERENCES if preference is not None and preference.truth(name)]
    if weak and (other := antivirus.elsewhere(inventory)) is not None:
        return unknown(other)
    missing = [place for place, value in read if not value.known]
    missing += [
        name for name in _PREFERENCES if preference is None or preference.truth(name) is None
    ]
    return concluded(weak, missing, "No setting switches Defender off.")
