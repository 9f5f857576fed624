"""An antivirus program that is installed but does not run finds nothing."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import antivirus
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, unknown
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import objects

ID = "antivirus-running"
TITLE = "Antivirus runs"
SEVERITY = Severity.HIGH
READS = ("defender", "services")
GOOD = "AMServiceEnabled and AntivirusEnabled are True, AMRunningMode is Normal"
WHY = "Web shells and tools of the known kinds stay where they were dropped, and nobody is told."
FIX = Fix(
    change=(
        "Start-Service WinDefend; Set-MpPreference -DisableRealtimeMonitoring $false (or start "
        "the product that replaces Defender)"
    ),
    preview="Get-MpComputerStatus | fl AMServiceEnabled, AntivirusEnabled, AMRunningMode",
    undo="Stop-Service WinDefend (tamper protection refuses it)",
)
SOURCES = (
    "https://learn.microsoft.com/powershell/module/defender/get-mpcomputerstatus",
    "https://learn.microsoft.com/defender-endpoint/microsoft-defender-antivirus-compatibility",
)
_ACTIVE = "normal"
_SERVICE = "windefend"


def judge(inventory: Inventory) -> Answer:
    """Judge Defender; another product that runs is never more than `unknown`."""
    status = antivirus.status(inventory)
    if status is None:
        return _by_service(inventory)
    values = {name: status.truth(name) for name in ("AMServiceEnabled", "AntivirusEnabled")}
    mode = status.text("AMRunningMode")
    off = [f"{name} is False" for name, value in values.items() if value is False]
    off += [f"AMRunningMode is {mode}"] if mode and mode.lower() != _ACTIVE else []
    if off and (other := antivirus.elsewhere(inventory)) is not None:
        return unknown(other)
    missing = [name for name, value in values.items() if value is None]
    missing += [] if mode else ["AMRunningMode"]
    return concluded(off, missing, "Defender runs in its normal mode.")


def _by_service(inventory: Inventory) -> Answer:
    """A service that runs proves little; one that does not, and no other, proves enough."""
    services = objects(inventory, "services")
    if services is None:
        return not_collected(READS)
    if (other := antivirus.elsewhere(inventory)) is not None:
        return unknown(other)
    states = {(row.text("Name") or "").lower(): row.text("State") for row in services}
    state = states.get(_SERVICE)
    if services and (_SERVICE not in states or (state and state.lower() != "running")):
        return failed("WinDefend does not run, and no other antivirus service that is known does.")
    return unknown("WinDefend's service says nothing of whether it protects.")
