"""The logs of IIS are the first thing that an investigation needs."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import MICROSECONDS_A_DAY, named, objects

ID = "iis-log-retention"
TITLE = "Web logs go back 90 days"
SEVERITY = Severity.MEDIUM
READS = ("log-folders",)
GOOD = "The oldest log of IIS and of HttpProxy is at least 90 days old"
WHY = (
    "exward is blind to what came before: break-ins are often found after months, and the first "
    "request is gone."
)
FIX = Fix(
    change=(
        "Keep logs elsewhere for a year, or set what deletes them to 90 days at least (a "
        "scheduled task of your own for IIS; for Exchange: Set-ItemProperty in Logging settings "
        "of Diagnostics.Service.exe.config)"
    ),
    preview=(
        r"Get-ChildItem 'C:\inetpub\logs\LogFiles' -Recurse -Filter *.log | sort LastWriteTime | "
        r"select -First 1"
    ),
    undo="Set the task back.",
    breaks="Disk space: about 0.6 GB a day for 4,000 mailboxes.",
)
SOURCES = (
    "https://learn.microsoft.com/iis/manage/provisioning-and-managing-iis/managing-iis-log-file-storage",
)
MIN_DAYS = 90
_IIS, _HTTP_PROXY = "\\logfiles", "\\logging\\httpproxy"
# Exchange itself deletes what is older than 30 days there, and says so.
_PROXY_DAYS = 30
_SLACK_DAYS = 2


def judge(inventory: Inventory) -> Answer:
    """Judge the oldest file of each folder, as of the collection."""
    found, area = objects(inventory, "log-folders"), inventory.areas.get("log-folders")
    collected = None if area is None else area.collected
    if not found or collected is None:
        return not_collected(READS)
    weak: list[str] = []
    missing: list[str] = []
    for row in found:
        path, oldest = named(row, "Path"), row.moment("Oldest")
        needed = _PROXY_DAYS if path.lower().endswith(_HTTP_PROXY) else MIN_DAYS
        if oldest is None or oldest > collected:
            missing.append(f"how far {path} goes back")
        elif (days := (collected - oldest) // MICROSECONDS_A_DAY) < needed - _SLACK_DAYS:
            weak.append(f"{path} goes back {days:,} days")
    return concluded(weak, missing, f"All {len(found):,} folders go back far enough.")
