"""Exchange Web Services: reachable from here or not; whether it should be, the owner knows."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer
from exward.posture.outside.checks import service
from exward.posture.outside.seen import Seen

ID = "outside-ews"
TITLE = "Exchange Web Services is reachable only where clients need it"
SEVERITY = Severity.INFORMATIONAL
WHY = "Programs read whole mailboxes by it, and it was part of most attacks on Exchange."
FIX = service.closing("ews", "Clients in all other networks.")
SOURCES = (
    "https://learn.microsoft.com/exchange/clients/default-virtual-directory-settings",
    service.IP_SECURITY,
)


def judge(seen: Seen) -> Answer:
    """Say what the answer means."""
    return service.expected(seen, "ews")
