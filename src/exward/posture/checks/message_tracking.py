"""Message tracking says who got what, also after it was deleted."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import own_row

ID = "message-tracking"
TITLE = "Messages are tracked for at least 30 days"
SEVERITY = Severity.MEDIUM
READS = ("Get-TransportService",)
GOOD = (
    "MessageTrackingLogEnabled and MessageTrackingLogSubjectLoggingEnabled are True, "
    "MessageTrackingLogMaxAge is at least 30 days"
)
WHY = (
    "exward would be blind to which mail an intruder read off, sent or had forwarded, and to whom "
    "phishing went."
)
FIX = Fix(
    change=(
        "Set-TransportService $env:COMPUTERNAME -MessageTrackingLogEnabled $true "
        "-MessageTrackingLogSubjectLoggingEnabled $true -MessageTrackingLogMaxAge 90.00:00:00 "
        "-MessageTrackingLogMaxDirectorySize 10GB"
    ),
    preview="Get-TransportService $env:COMPUTERNAME | fl MessageTracking*",
    undo=(
        "Set-TransportService $env:COMPUTERNAME -MessageTrackingLogMaxAge 30.00:00:00 "
        "-MessageTrackingLogMaxDirectorySize 1000MB"
    ),
    breaks="Disk space; subjects are personal data.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/mail-flow/transport-logs/configure-message-tracking",
)
MIN_DAYS = 30
_SWITCHES = ("MessageTrackingLogEnabled", "MessageTrackingLogSubjectLoggingEnabled")


def judge(inventory: Inventory) -> Answer:
    """Judge this server's transport service; the folder's size may end the log earlier."""
    service = own_row(inventory, "Get-TransportService")
    if service is None:
        return not_collected(READS)
    values = {name: service.truth(name) for name in _SWITCHES}
    weak = [f"{name} is False" for name, value in values.items() if value is False]
    missing = [name for name, value in values.items() if value is None]
    days = service.days("MessageTrackingLogMaxAge")
    if days is None:
        missing.append("MessageTrackingLogMaxAge")
    elif 0 < days < MIN_DAYS:
        weak.append(f"MessageTrackingLogMaxAge is {days:,} days")
    return concluded(weak, missing, "Messages are tracked, with their subjects.")
