"""Intruders switch the antivirus program off before they do anything loud."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import antivirus
from exward.posture.checks.interface import Answer, Fix, failed, passed, unknown
from exward.posture.inventory import Inventory

ID = "antivirus-tamper-protection"
TITLE = "Tamper protection is on"
SEVERITY = Severity.HIGH
READS = ("defender", "services")
GOOD = "IsTamperProtected is True"
WHY = (
    "Whoever is an administrator, or SYSTEM through a web shell, switches Defender off with one "
    "command."
)
FIX = Fix(
    change=(
        "Turn tamper protection on in Windows Security, Virus & threat protection settings, or "
        "for all servers in the Defender portal. There is no cmdlet for it."
    ),
    preview="Get-MpComputerStatus | fl IsTamperProtected, TamperProtectionSource",
    undo="Turn tamper protection off at the same place.",
    breaks="Settings of Defender by Group Policy or script are refused while it is on.",
)
SOURCES = (
    "https://learn.microsoft.com/defender-endpoint/prevent-changes-to-security-settings-with-tamper-protection",
)


def judge(inventory: Inventory) -> Answer:
    """Judge what Defender says of itself."""
    status = antivirus.status(inventory)
    protected = None if status is None else status.truth("IsTamperProtected")
    if protected:
        return passed("IsTamperProtected is True.")
    if (other := antivirus.elsewhere(inventory)) is not None:
        return unknown(other)
    if protected is None:
        return unknown("IsTamperProtected was not collected.")
    return failed("IsTamperProtected is False.")
