"""PowerShell 2.0 logs nothing and asks no antivirus program."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed
from exward.posture.inventory import Inventory
from exward.posture.known import objects

ID = "powershell-2"
TITLE = "PowerShell 2.0 is removed"
SEVERITY = Severity.MEDIUM
READS = ("features", "host")
GOOD = "The feature PowerShell-V2 is not installed"
WHY = (
    "An intruder starts powershell -version 2, and exward is blind to what follows: no script "
    "blocks, no AMSI."
)
FIX = Fix(
    change="Uninstall-WindowsFeature PowerShell-V2",
    preview="Get-WindowsFeature PowerShell-V2",
    undo="Install-WindowsFeature PowerShell-V2",
    breaks="Programs that need it; Exchange 2013 and newer do not.",
)
SOURCES = (
    "https://support.microsoft.com/topic/powershell-2-0-removal-from-windows-fe6d1edc-2ed2-4c33-b297-afe82a64200a",
    "https://learn.microsoft.com/powershell/scripting/windows-powershell/install/windows-powershell-system-requirements",
)
_FEATURE = "powershell-v2"


def judge(inventory: Inventory) -> Answer:
    """Judge the installed features; a list without any feature is none."""
    found = objects(inventory, "features")
    if not found or any(row.text("Name") is None for row in found):
        return not_collected(("features",))
    there = any(
        (row.text("Name") or "").lower() == _FEATURE and row.truth("Installed") is not False
        for row in found
    )
    return failed("PowerShell-V2 is installed.") if there else passed("It is not installed.")
