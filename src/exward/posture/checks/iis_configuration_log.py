"""IIS logs changes of its configuration only if it is told to."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.known import objects

ID = "iis-configuration-log"
TITLE = "Changes of the configuration of IIS are logged"
SEVERITY = Severity.MEDIUM
READS = ("event-logs",)
GOOD = "Microsoft-Windows-IIS-Configuration/Operational is enabled"
WHY = (
    "exward would be blind to when a module, handler or virtual directory was added: the way of "
    "IIS backdoors."
)
FIX = Fix(
    change="wevtutil sl Microsoft-Windows-IIS-Configuration/Operational /e:true /ms:67108864",
    preview="wevtutil gl Microsoft-Windows-IIS-Configuration/Operational",
    undo="wevtutil sl Microsoft-Windows-IIS-Configuration/Operational /e:false",
)
SOURCES = (
    "https://www.microsoft.com/security/blog/2022/07/26/malicious-iis-extensions-quietly-open-persistent-backdoors-into-servers/",
)
_LOG = "microsoft-windows-iis-configuration/operational"


def judge(inventory: Inventory) -> Answer:
    """Judge the log's switch; it is off from the start."""
    found = objects(inventory, "event-logs") or ()
    states = [row.truth("Enabled") for row in found if (row.text("Name") or "").lower() == _LOG]
    if not states or states[0] is None:
        return unknown("Whether the log of IIS's configuration is enabled is not known.")
    if states[0]:
        return passed("The log is enabled.")
    return failed("The log is off, and exward is blind to changes of IIS.")
