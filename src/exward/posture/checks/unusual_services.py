"""A service starts with Windows, as SYSTEM."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import launched
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.data import Data
from exward.posture.inventory import Inventory
from exward.posture.known import named

ID = "unusual-services"
TITLE = "No service looks odd"
SEVERITY = Severity.HIGH
READS = ("services",)
GOOD = (
    "No service from a folder that others may write to, encoded, hidden or fetched from elsewhere"
)
WHY = "Intruders install services to stay, and to run tools on other servers."
FIX = Fix(
    change="Keep the program for the investigation, then Stop-Service NAME; sc.exe delete NAME",
    preview="Get-CimInstance Win32_Service | ft Name, State, StartName, PathName",
    undo="New-Service NAME -BinaryPathName 'COMMAND'",
)
SOURCES = ("https://attack.mitre.org/techniques/T1543/003/",)


def judge(inventory: Inventory) -> Answer:
    """Judge the commands; one that looks ordinary may still be an intruder's."""
    data = inventory.data(READS[0])
    return not_collected(READS) if data is None else data.once(_judged)


def _judged(data: Data) -> Answer:
    found = data.objects
    if not found:
        return not_collected(READS)
    commands = [
        (named(row, "Name"), row.text("PathName") if "PathName" in row else None) for row in found
    ]
    missing = [f"command of {name}" for name, command in commands if command is None]
    odd = launched.odd((name, command) for name, command in commands if command is not None)
    return concluded(odd, missing, f"None of {len(found):,} services looks odd.")
