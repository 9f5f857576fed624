"""WDigest keeps passwords in memory as they were typed."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import windows
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.known import registered

ID = "wdigest"
TITLE = "Passwords are not kept in memory in the clear"
SEVERITY = Severity.HIGH
READS = ("registry", "host")
GOOD = "UseLogonCredential below WDigest is 0 or not set"
WHY = (
    "Whoever reads the memory of LSASS has passwords instead of hashes. Intruders set the value "
    "and wait for an administrator."
)
FIX = Fix(
    change=(
        r"Set-ItemProperty 'HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\WDigest' "
        r"UseLogonCredential 0 -Type DWord"
    ),
    preview=r"Get-ItemProperty 'HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\WDigest'",
    undo=(
        r"Set-ItemProperty 'HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\WDigest' "
        r"UseLogonCredential 1"
    ),
    breaks="Very old programs that sign in to websites by WDigest.",
)
SOURCES = (
    "https://support.microsoft.com/help/2871997",
    "https://attack.mitre.org/techniques/T1003/001/",
)
_KEY = r"HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\WDigest"
# Windows Server 2012 R2: the first that does not do it by itself.
_SAFE_BY_ITSELF = 9600


def judge(inventory: Inventory) -> Answer:
    """Judge the value; not set is right from Windows Server 2012 R2 on."""
    value = registered(inventory, _KEY, "UseLogonCredential")
    if not value.known:
        return not_collected((_KEY,))
    if value.number is not None:
        said = f"UseLogonCredential is {value.number}."
        return failed(said) if value.number else passed(said)
    build = windows.build(inventory)
    if build is None:
        return unknown("UseLogonCredential is not set; which Windows this is, is not known.")
    if build < _SAFE_BY_ITSELF:
        return failed(f"UseLogonCredential is not set on {windows.named(build)}.")
    return passed("UseLogonCredential is not set.")
