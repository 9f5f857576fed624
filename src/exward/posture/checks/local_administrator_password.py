"""The same local password on all servers opens all of them."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, not_applicable, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.known import registered

ID = "local-administrator-password"
TITLE = "LAPS changes the password of the local administrator"
SEVERITY = Severity.MEDIUM
READS = ("registry", "host")
GOOD = "Windows LAPS (BackupDirectory 1 or 2) or the older LAPS (AdmPwdEnabled 1) is set"
WHY = "A password hash of the local administrator from one server signs in to the next."
FIX = Fix(
    change=(
        "Set up Windows LAPS by Group Policy: Computer Configuration, Administrative Templates, "
        "System, LAPS: Configure password backup directory"
    ),
    preview=(
        r"Get-LapsADPassword $env:COMPUTERNAME; Get-ItemProperty "
        r"'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\LAPS'"
    ),
    undo="Set the same policy to Not Configured.",
)
SOURCES = (
    "https://learn.microsoft.com/windows-server/identity/laps/laps-management-policy-settings",
)
# The order in which Windows LAPS looks for its settings.
_KEYS = (
    r"HKLM\SOFTWARE\Microsoft\Policies\LAPS",
    r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\LAPS",
    r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\LAPS\Config",
)
_OLDER = r"HKLM\SOFTWARE\Policies\Microsoft Services\AdmPwd"
_DOMAIN_CONTROLLERS = {4, 5}


def judge(inventory: Inventory) -> Answer:
    """Judge the policies; a domain controller has no local administrator."""
    host = inventory.row("host")
    if host is not None and host.number("DomainRole") in _DOMAIN_CONTROLLERS:
        return not_applicable("A domain controller has no local administrator.")
    found = [registered(inventory, key, "BackupDirectory") for key in _KEYS]
    older = registered(inventory, _OLDER, "AdmPwdEnabled")
    if any(value.number in {1, 2} for value in found):
        return passed("Windows LAPS is set up.")
    if older.number == 1:
        return passed("The older LAPS is set up.")
    if not all(value.known for value in (*found, older)):
        return unknown("Not all keys of LAPS were collected.")
    return failed("Neither form of LAPS is set up.")
