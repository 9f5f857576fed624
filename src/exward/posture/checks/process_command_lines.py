"""Event 4688 has no command line unless Windows is told so."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed
from exward.posture.inventory import Inventory
from exward.posture.known import registered

ID = "process-command-lines"
TITLE = "Command lines of programs are logged"
SEVERITY = Severity.HIGH
READS = ("registry",)
GOOD = "ProcessCreationIncludeCmdLine_Enabled is 1"
WHY = (
    "exward would be blind to what a web shell ran: it would see that cmd.exe was started, and "
    "not what for."
)
FIX = Fix(
    change=(
        r"Set-ItemProperty "
        r"'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\Audit' "
        r"ProcessCreationIncludeCmdLine_Enabled 1 -Type DWord"
    ),
    preview=(
        r"Get-ItemProperty "
        r"'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\Audit'"
    ),
    undo=(
        r"Set-ItemProperty "
        r"'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\Audit' "
        r"ProcessCreationIncludeCmdLine_Enabled 0"
    ),
    breaks="Passwords that somebody writes into commands are in the log as well.",
)
SOURCES = (
    "https://learn.microsoft.com/windows-server/identity/ad-ds/manage/component-updates/command-line-process-auditing",
)
_KEY = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\Audit"
_NAME = "ProcessCreationIncludeCmdLine_Enabled"


def judge(inventory: Inventory) -> Answer:
    """Judge the value; it is off where it is not set."""
    value = registered(inventory, _KEY, _NAME)
    if not value.known:
        return not_collected((_KEY,))
    if value.number == 1:
        return passed(f"{_NAME} is 1.")
    said = "not set" if value.number is None else value.number
    return failed(f"{_NAME} is {said}: exward is blind to what programs were started with.")
