"""Transcripts keep what PowerShell showed, outside of the event log."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed
from exward.posture.inventory import Inventory
from exward.posture.known import registered

ID = "powershell-transcripts"
TITLE = "PowerShell writes transcripts"
SEVERITY = Severity.LOW
READS = ("registry",)
GOOD = "EnableTranscripting is 1, with an OutputDirectory that only administrators can read"
WHY = (
    "Without them the answers that an intruder got are not known, and nothing is left once the "
    "event log was cleared."
)
FIX = Fix(
    change=(
        r"New-Item 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell\Transcription' -Force; "
        r"Set-ItemProperty 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell\Transcription' "
        r"EnableTranscripting 1 -Type DWord; Set-ItemProperty "
        r"'HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell\Transcription' OutputDirectory "
        r"'\\LOGS\transcripts$'"
    ),
    preview=(
        r"Get-ItemProperty 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell\Transcription'"
    ),
    undo=(
        r"Set-ItemProperty 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\PowerShell\Transcription' "
        r"EnableTranscripting 0"
    ),
    breaks=(
        "Exchange runs much PowerShell: watch the size of the folder. Transcripts may hold secrets."
    ),
)
SOURCES = (
    "https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_group_policy_settings",
)
_KEY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\PowerShell\Transcription"


def judge(inventory: Inventory) -> Answer:
    """Judge the policy."""
    value = registered(inventory, _KEY, "EnableTranscripting")
    if not value.known:
        return not_collected((_KEY,))
    if value.number == 1:
        return passed("EnableTranscripting is 1.")
    return failed("Transcripts are not written.")
