"""Run keys and startup folders start programs at every logon."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import launched
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import named, objects

ID = "startup-programs"
TITLE = "Nothing odd starts at logon"
SEVERITY = Severity.HIGH
READS = ("startup",)
GOOD = "No entry from a folder that others may write to, encoded, hidden or fetched from elsewhere"
WHY = "It is one of the simplest ways to stay on a server."
FIX = Fix(
    change=(
        r"Keep the program for the investigation, then Remove-ItemProperty "
        r"'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Run' NAME"
    ),
    preview="Get-CimInstance Win32_StartupCommand | ft Name, Command, Location, User",
    undo=r"Set-ItemProperty 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Run' NAME 'COMMAND'",
)
SOURCES = ("https://attack.mitre.org/techniques/T1547/001/",)


def judge(inventory: Inventory) -> Answer:
    """Judge the commands; one that looks ordinary may still be an intruder's."""
    found = objects(inventory, "startup")
    if found is None:
        return not_collected(READS)
    commands = [(named(row, "Name"), row.text("Command")) for row in found]
    missing = [f"command of {name}" for name, command in commands if command is None]
    odd = launched.odd((name, command) for name, command in commands if command is not None)
    return concluded(odd, missing, f"None of {len(found):,} entries looks odd.")
