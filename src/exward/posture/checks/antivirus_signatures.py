"""Old signatures do not know the web shells of this week."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import antivirus
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.known import MICROSECONDS_A_DAY
from exward.posture.row import Row

ID = "antivirus-signatures"
TITLE = "Antivirus signatures are at most three days old"
SEVERITY = Severity.HIGH
READS = ("defender", "services")
GOOD = "AntivirusSignatureLastUpdated lies at most 3 days before the collection"
WHY = "What attackers use since the last update is not known to the program."
FIX = Fix(
    change=(
        "Update-MpSignature; if it fails, look at the proxy and at the source of updates "
        "(Get-MpPreference | fl SignatureFallbackOrder)"
    ),
    preview="Get-MpComputerStatus | fl AntivirusSignatureLastUpdated, AntivirusSignatureAge",
    undo="MpCmdRun.exe -RemoveDefinitions -DynamicSignatures",
)
SOURCES = (
    "https://learn.microsoft.com/powershell/module/defender/get-mpcomputerstatus",
    "https://learn.microsoft.com/defender-endpoint/microsoft-defender-antivirus-updates",
)
MAX_DAYS = 3
# Get-MpComputerStatus counts so where there never was an update.
_NEVER = 65_535


def judge(inventory: Inventory) -> Answer:
    """Judge the age at the time of the collection, not today."""
    status = antivirus.status(inventory)
    if status is None:
        other = antivirus.elsewhere(inventory)
        return unknown(other) if other is not None else not_collected(("defender",))
    days = _age(inventory, status)
    if days is None:
        return unknown("The age of the signatures cannot be read.")
    if days > MAX_DAYS and (other := antivirus.elsewhere(inventory)) is not None:
        return unknown(other)
    if days >= _NEVER:
        return failed("There never was an update of the signatures.")
    said = f"The signatures were {days:,} days old when this was collected."
    return failed(said) if days > MAX_DAYS else passed(said)


def _age(inventory: Inventory, status: Row) -> int | None:
    """Whole days; a day in the future, as of a clock that is wrong, is not known."""
    updated = status.moment("AntivirusSignatureLastUpdated")
    collected = inventory.areas["defender"].collected
    if updated is None or collected is None:
        days = status.number("AntivirusSignatureAge")
    else:
        days = (collected - updated) // MICROSECONDS_A_DAY
    return None if days is None or days < -1 else max(days, 0)
