"""LSA protection keeps other programs from reading passwords out of LSASS."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed
from exward.posture.inventory import Inventory
from exward.posture.known import registered

ID = "lsa-protection"
TITLE = "LSASS is a protected process"
SEVERITY = Severity.HIGH
READS = ("registry",)
GOOD = "RunAsPPL is 1 or 2"
WHY = (
    "With it the usual tools that read passwords of administrators from memory fail, also as "
    "SYSTEM."
)
FIX = Fix(
    change=(
        r"Set-ItemProperty 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa' RunAsPPL 1 -Type DWord; "
        r"Restart-Computer -Confirm"
    ),
    preview=(
        r"Get-ItemProperty 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa' RunAsPPL; Get-WinEvent "
        r"-ProviderName Microsoft-Windows-Wininit | ? Id -eq 12 | select -First 1"
    ),
    undo=(
        r"Set-ItemProperty 'HKLM:\SYSTEM\CurrentControlSet\Control\Lsa' RunAsPPL 0 # with Secure "
        r"Boot and the value 1 also Microsoft's LSA opt-out tool"
    ),
    breaks=(
        "Password filters and smart card drivers that are not signed by Microsoft: event 3065 "
        "names them in audit mode."
    ),
)
SOURCES = (
    "https://learn.microsoft.com/windows-server/security/credentials-protection-and-management/configuring-additional-lsa-protection",
)
_KEY = r"HKLM\SYSTEM\CurrentControlSet\Control\Lsa"
# 1: with a lock in UEFI; 2: without, from Windows Server 2025 on.
_ON = {1, 2}


def judge(inventory: Inventory) -> Answer:
    """Judge the value: servers do not have it by default."""
    value = registered(inventory, _KEY, "RunAsPPL")
    if not value.known:
        return not_collected((_KEY,))
    if value.number in _ON:
        return passed(f"RunAsPPL is {value.number}.")
    return failed(f"RunAsPPL is {'not set' if value.number is None else value.number}.")
