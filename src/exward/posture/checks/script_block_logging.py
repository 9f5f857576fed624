"""Script blocks are what PowerShell really ran, after all disguises."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import registered

ID = "script-block-logging"
TITLE = "PowerShell logs script blocks and modules"
SEVERITY = Severity.MEDIUM
READS = ("registry",)
GOOD = "EnableScriptBlockLogging and EnableModuleLogging are 1"
WHY = (
    "exward would be blind to what scripts of intruders did: encoded and built commands are "
    "readable only there."
)
FIX = Fix(
    change=(
        r"New-Item 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell\ScriptBlockLogging', "
        r"'HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell\ModuleLogging\ModuleNames' "
        r"-Force; Set-ItemProperty "
        r"'HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell\ScriptBlockLogging' "
        r"EnableScriptBlockLogging 1 -Type DWord; Set-ItemProperty "
        r"'HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell\ModuleLogging' "
        r"EnableModuleLogging 1 -Type DWord; Set-ItemProperty "
        r"'HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell\ModuleLogging\ModuleNames' * *"
    ),
    preview=r"Get-ChildItem 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell' -Recurse",
    undo=(
        r"Set-ItemProperty "
        r"'HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell\ScriptBlockLogging' "
        r"EnableScriptBlockLogging 0; Set-ItemProperty "
        r"'HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell\ModuleLogging' "
        r"EnableModuleLogging 0"
    ),
    breaks="A larger PowerShell log (see event-log-sizes).",
)
SOURCES = (
    "https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_logging_windows",
)
_ROOT = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\PowerShell"
_VALUES = {"ScriptBlockLogging": "EnableScriptBlockLogging", "ModuleLogging": "EnableModuleLogging"}


def judge(inventory: Inventory) -> Answer:
    """Judge both; PowerShell's own choice of suspicious blocks is not enough."""
    values = {name: registered(inventory, f"{_ROOT}\\{key}", name) for key, name in _VALUES.items()}
    off = [name for name, value in values.items() if value.known and value.number != 1]
    weak = [f"{name} is not set, and exward is blind to what scripts did" for name in off]
    missing = [name for name, value in values.items() if not value.known]
    return concluded(weak, missing, "Script blocks and modules are logged.")
