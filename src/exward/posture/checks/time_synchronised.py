"""Wrong time breaks Kerberos, and makes one story of two servers impossible."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory

ID = "time-synchronised"
TITLE = "The clock follows the domain"
SEVERITY = Severity.LOW
READS = ("time",)
GOOD = "Source is a server (not the local clock), and the offset is below five minutes"
WHY = "Logs of several servers cannot be put in order, and tokens and tickets fail."
FIX = Fix(
    change="w32tm /config /syncfromflags:domhier /update; Restart-Service w32time; w32tm /resync",
    preview="w32tm /query /status",
    undo="w32tm /config /syncfromflags:manual /manualpeerlist:NAME /update",
)
SOURCES = (
    "https://learn.microsoft.com/windows-server/networking/windows-time-service/how-the-windows-time-service-works",
)
# What w32tm calls the server's own clock.
_OWN = ("local cmos clock", "free-running system clock")
_MAX_SECONDS = 300


def judge(inventory: Inventory) -> Answer:
    """Judge type, offset and source; the source is told in the language of Windows."""
    time = inventory.row("time")
    if time is None:
        return not_collected(READS)
    source, kind, offset = time.text("Source"), time.text("Type"), time.number("OffsetSeconds")
    weak = ["the clock is not set from anywhere"] if (kind or "").lower() == "nosync" else []
    weak += [f"the source is {source}"] if source and source.lower().startswith(_OWN) else []
    weak += [f"{offset:,} seconds off"] if offset is not None and abs(offset) > _MAX_SECONDS else []
    missing = ([] if source else ["the source"]) + ([] if kind else ["the type"])
    return concluded(weak, missing, f"The source is {source} ({kind}).")
