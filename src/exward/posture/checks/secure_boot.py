"""Secure Boot lets only signed programs start Windows."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, passed, unknown
from exward.posture.inventory import Inventory

ID = "secure-boot"
TITLE = "Secure Boot is on"
SEVERITY = Severity.LOW
READS = ("device-guard",)
GOOD = "SecureBoot is True"
WHY = (
    "A changed boot loader stays below everything that looks for it, also below a new installation."
)
FIX = Fix(
    change=(
        "Turn Secure Boot on in the firmware, or in the settings of the virtual machine "
        "(generation 2)"
    ),
    preview="Confirm-SecureBootUEFI",
    undo="Turn it off at the same place.",
    breaks="Drivers that are not signed; machines with BIOS have to be installed anew.",
)
SOURCES = (
    "https://learn.microsoft.com/windows-hardware/design/device-experiences/oem-secure-boot",
)


def judge(inventory: Inventory) -> Answer:
    """Judge what the firmware said."""
    guard = inventory.row("device-guard")
    on = None if guard is None else guard.truth("SecureBoot")
    if on is None:
        return unknown("Whether Secure Boot is on is not known.")
    return passed("Secure Boot is on.") if on else failed("Secure Boot is off.")
