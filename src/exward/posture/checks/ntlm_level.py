"""Old forms of NTLM can be cracked and relayed; Extended Protection needs the newest."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, passed, unknown
from exward.posture.inventory import Inventory

ID = "ntlm-level"
TITLE = "Only NTLM version 2 is accepted"
SEVERITY = Severity.HIGH
READS = ("registry",)
GOOD = "LmCompatibilityLevel is 5, the same on all servers and domain controllers"
WHY = (
    "LM and the first NTLM are cracked in minutes. With a low level Extended Protection, which "
    "stops relayed logons, does not work."
)
_PATH = "HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Lsa"
FIX = Fix(
    change=(
        f"Set-ItemProperty {_PATH} LmCompatibilityLevel 5 -Type DWord # or by group policy: "
        "Network security: LAN Manager authentication level"
    ),
    preview=f"Get-ItemProperty {_PATH} | fl LmCompatibilityLevel",
    undo=f"Set-ItemProperty {_PATH} LmCompatibilityLevel 3 # or what the preview showed",
    breaks="Devices that know only NTLM version 1 (old scanners, old Linux clients).",
)
SOURCES = (
    "https://learn.microsoft.com/windows/security/threat-protection/security-policy-settings/network-security-lan-manager-authentication-level",
    "https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/security-best-practices/exchange-extended-protection",
)
_LSA = r"HKLM\SYSTEM\CurrentControlSet\Control\Lsa"
_GOOD_LEVEL = 5
# Windows' own default since Server 2008 R2: sends version 2, but accepts all.
_DEFAULT_LEVEL = 3


def judge(inventory: Inventory) -> Answer:
    """Judge the level; what is not set is Windows' default."""
    key = inventory.key(_LSA)
    if key is None:
        return unknown("Not collected: the key Lsa, which holds LmCompatibilityLevel.")
    level = key.values.number("LmCompatibilityLevel")
    if level is None and key.values.raw("LmCompatibilityLevel") is not None:
        return unknown("LmCompatibilityLevel is no number.")
    if level is None:
        return failed(f"LmCompatibilityLevel is not set: {_DEFAULT_LEVEL} by default.")
    said = f"LmCompatibilityLevel is {level}."
    return passed(said) if level == _GOOD_LEVEL else failed(said)
