"""Sysmon and the like log what Windows itself does not."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import antivirus
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed
from exward.posture.inventory import Inventory
from exward.posture.known import objects

ID = "sensor"
TITLE = "A sensor logs processes, connections and files"
SEVERITY = Severity.MEDIUM
READS = ("services", "event-logs")
GOOD = "Sysmon's log has records, or the service of a product for detection and response runs"
WHY = (
    "exward would be blind to which program opened a connection, loaded a library or wrote a file."
)
FIX = Fix(
    change=(
        "Sysmon64.exe -accepteula -i sysmon.xml, with a configuration that logs events 1, 3, 7, "
        "11, 13, 17, 18 and 22"
    ),
    preview=(
        "Get-Service Sysmon*, Sense; Get-WinEvent -ListLog Microsoft-Windows-Sysmon/Operational"
    ),
    undo="Sysmon64.exe -u",
    breaks="Load, if the configuration logs too much: leave out the databases of Exchange.",
)
SOURCES = ("https://learn.microsoft.com/sysinternals/downloads/sysmon",)
_LOG = "microsoft-windows-sysmon/operational"


def judge(inventory: Inventory) -> Answer:
    """Judge by log, which a renamed Sysmon has as well, then by service."""
    logs = objects(inventory, "event-logs")
    records = [
        row.number("Records") or 0
        for row in logs or ()
        if (row.text("Name") or "").lower() == _LOG and row.truth("Enabled")
    ]
    if any(records):
        return passed(f"Sysmon has logged {records[0]:,} records.")
    sensors = antivirus.running(inventory, "sensor", "antivirus")
    if sensors:
        return passed(f"{', '.join(sensors)} runs.")
    if sensors is None or logs is None:
        return not_collected(READS)
    return failed("No sensor that exward knows runs: it is blind to connections and files.")
