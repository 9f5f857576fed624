"""Windows' monthly updates close what leads from one server to the next."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.own import as_of, day_of, days_until

ID = "windows-updates-recent"
TITLE = "Windows had an update within 45 days"
SEVERITY = Severity.HIGH
READS = ("hotfixes",)
GOOD = (
    "the newest hotfix is at most 45 days older than the inventory: one month's update and a week"
)
WHY = "What Windows fixes each month is used within days to get in, or to get higher rights."
FIX = Fix(
    change="# Windows Update, WSUS, or the cumulative update from the Microsoft Update Catalog",
    preview="Get-HotFix | sort InstalledOn | select -Last 5",
    undo="wusa.exe /uninstall /kb:NUMBER",
    breaks="The server restarts.",
)
SOURCES = (
    "https://learn.microsoft.com/windows/deployment/update/release-cycle",
    "https://learn.microsoft.com/powershell/module/microsoft.powershell.management/get-hotfix",
)
_MAX_DAYS = 45


def judge(inventory: Inventory) -> Answer:
    """Compare the newest installation with the day of collection."""
    hotfixes = inventory.rows(READS[0])
    if hotfixes is None:
        return not_collected(READS)
    now = as_of(inventory, READS[0])
    days = [day for row in hotfixes if (day := row.moment("Installed")) is not None]
    if now is None or not days:
        return unknown("When hotfixes were installed, or collected, is not known.")
    newest = max(days)
    said = f"The newest of {len(hotfixes)} was installed on {day_of(newest)}"
    age = days_until(now, newest)
    if age > _MAX_DAYS:
        return failed(f"{said}, {age} days before.")
    return passed(f"{said}.")
