"""A small event log is overwritten before anybody looks."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import objects

ID = "event-log-sizes"
TITLE = "Event logs are large enough"
SEVERITY = Severity.MEDIUM
READS = ("event-logs",)
GOOD = (
    "Security 4 GB; Application, System and MSExchange Management 256 MB; PowerShell 1 GB; all "
    "enabled"
)
WHY = (
    "exward is blind to what is older than the log: attacks are found after weeks, and a busy "
    "server fills the default in hours."
)
FIX = Fix(
    change=(
        "wevtutil sl Security /ms:4294967296; wevtutil sl Application /ms:268435456; wevtutil sl "
        "System /ms:268435456; wevtutil sl 'MSExchange Management' /ms:268435456; "
        "wevtutil sl Microsoft-Windows-PowerShell/Operational /ms:1073741824"
    ),
    preview=(
        "Get-WinEvent -ListLog Security, System, Application, 'MSExchange Management', "
        "Microsoft-Windows-PowerShell/Operational | ft LogName, MaximumSizeInBytes, IsEnabled, "
        "RecordCount"
    ),
    undo="wevtutil sl Security /ms:20971520",
    breaks="Disk space on the volume of Windows.",
)
SOURCES = (
    "https://learn.microsoft.com/troubleshoot/windows-server/group-policy/set-event-log-security-locally-or-via-group-policy",
)
_MEGABYTE = 1024 * 1024
# A log may be a little smaller than the even number: wevtutil rounds to 64 KB.
_ROUNDING = 64 * 1024
_NEEDED = {
    "security": 4096,
    "application": 256,
    "system": 256,
    "msexchange management": 256,
    "microsoft-windows-powershell/operational": 1024,
}


def judge(inventory: Inventory) -> Answer:
    """Judge each log; how far it goes back is told with it."""
    found = objects(inventory, "event-logs")
    if found is None:
        return not_collected(READS)
    logs = {(row.text("Name") or "").lower(): row for row in found}
    weak: list[str] = []
    missing: list[str] = []
    for name, megabytes in _NEEDED.items():
        row = logs.get(name)
        size = None if row is None else row.number("MaximumBytes")
        if row is None or size is None:
            missing.append(f"size of {name}")
        elif row.truth("Enabled") is False:
            weak.append(f"{row.text('Name')} is off")
        elif size < megabytes * _MEGABYTE - _ROUNDING:
            since = f", back to {oldest}" if (oldest := row.text("Oldest")) else ""
            weak.append(f"{row.text('Name')}: {size // _MEGABYTE:,} MB{since}")
    return concluded(weak, missing, "All of them are large enough.")
