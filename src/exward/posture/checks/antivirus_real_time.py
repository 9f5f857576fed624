"""Scans by schedule come hours after a web shell was used."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import antivirus
from exward.posture.checks.interface import Answer, Fix, not_collected, unknown
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory

ID = "antivirus-real-time"
TITLE = "Antivirus looks at files when they are written and run"
SEVERITY = Severity.HIGH
READS = ("defender", "services")
GOOD = "RealTimeProtectionEnabled, IoavProtectionEnabled and BehaviorMonitorEnabled are True"
WHY = "A web shell is written, used and deleted before a scan by schedule sees it."
FIX = Fix(
    change=(
        "Set-MpPreference -DisableRealtimeMonitoring $false -DisableIOAVProtection $false "
        "-DisableBehaviorMonitoring $false"
    ),
    preview=(
        "Get-MpComputerStatus | fl RealTimeProtectionEnabled, IoavProtectionEnabled, "
        "BehaviorMonitorEnabled"
    ),
    undo="Set-MpPreference -DisableRealtimeMonitoring $true (tamper protection refuses it)",
    breaks="Load on a server without the exclusions that Microsoft recommends for Exchange.",
)
SOURCES = (
    "https://learn.microsoft.com/powershell/module/defender/get-mpcomputerstatus",
    "https://learn.microsoft.com/powershell/module/defender/set-mppreference",
)
_PARTS = ("RealTimeProtectionEnabled", "IoavProtectionEnabled", "BehaviorMonitorEnabled")


def judge(inventory: Inventory) -> Answer:
    """Judge the three parts of Defender that act at once."""
    status = antivirus.status(inventory)
    if status is None:
        other = antivirus.elsewhere(inventory)
        return unknown(other) if other is not None else not_collected(("defender",))
    values = {name: status.truth(name) for name in _PARTS}
    off = [f"{name} is False" for name, value in values.items() if value is False]
    if off and (other := antivirus.elsewhere(inventory)) is not None:
        return unknown(other)
    missing = [name for name, value in values.items() if value is None]
    return concluded(off, missing, "Real-time protection and behaviour monitoring are on.")
