"""Until the restart the old, vulnerable files run on."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.known import texts

ID = "pending-restart"
TITLE = "No restart is pending"
SEVERITY = Severity.MEDIUM
READS = ("host",)
GOOD = "PendingReboot is empty"
WHY = "An update that waits for a restart protects nothing, and set-up of Exchange refuses to run."
FIX = Fix(
    change="Set-ServerComponentState $env:COMPUTERNAME -Component ServerWideOffline "
    "-State Inactive -Requester Maintenance; Restart-Computer -Confirm",
    preview="Get-ItemProperty 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Session Manager' "
    "PendingFileRenameOperations",
    undo="Set-ServerComponentState $env:COMPUTERNAME -Component ServerWideOffline -State Active "
    "-Requester Maintenance",
    breaks="Mailboxes on the server are away while it restarts, unless they move in the DAG first.",
)
SOURCES = ("https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/RebootPending/",)


def judge(inventory: Inventory) -> Answer:
    """Judge the reasons that were found."""
    host = inventory.row("host")
    if host is None:
        return not_collected(READS)
    reasons = None if host.raw("PendingReboot") is None else texts(host, "PendingReboot")
    if reasons is None:
        return unknown("PendingReboot was not collected.")
    if reasons:
        return failed(f"A restart is pending: {', '.join(reasons[:8])}.")
    return passed("No restart is pending.")
