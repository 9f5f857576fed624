"""Credential Guard is not supported with Exchange and breaks its logons."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.plain import listed, number

ID = "credential-guard-off"
TITLE = "Credential Guard does not run"
SEVERITY = Severity.MEDIUM
READS = ("device-guard",)
GOOD = "SecurityServicesRunning does not hold 1"
WHY = "Exchange does not support it: logons of clients fail now and then, and slowly."
_KEY = "HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Lsa"
FIX = Fix(
    change=(
        f"Set-ItemProperty '{_KEY}' LsaCfgFlags 0 -Type DWord; Restart-Computer -Confirm "
        "# or by policy"
    ),
    preview=(
        "(Get-CimInstance Win32_DeviceGuard -Namespace root\\Microsoft\\Windows\\DeviceGuard)"
        ".SecurityServicesRunning"
    ),
    undo=f"Set-ItemProperty '{_KEY}' LsaCfgFlags 2 -Type DWord; Restart-Computer -Confirm",
    breaks="Secrets of LSASS are no longer isolated; LSA protection (RunAsPPL) stays.",
)
SOURCES = (
    "https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/CredentialGuardCheck/",
    "https://learn.microsoft.com/windows/security/identity-protection/credential-guard/considerations-known-issues",
)
_CREDENTIAL_GUARD = 1


def judge(inventory: Inventory) -> Answer:
    """Judge the numbers of Win32_DeviceGuard: 1 is Credential Guard."""
    guard = inventory.row(READS[0])
    if guard is None or "SecurityServicesRunning" not in guard:
        return not_collected(READS)
    running = [number(one) for one in listed(guard.raw("SecurityServicesRunning"))]
    if _CREDENTIAL_GUARD in running:
        return failed("Credential Guard runs.")
    if None in running:
        return unknown("SecurityServicesRunning holds what is no number.")
    return passed("Credential Guard does not run.")
