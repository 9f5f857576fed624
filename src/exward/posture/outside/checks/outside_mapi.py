"""MAPI over HTTP: reachable from here or not; whether it should be, the owner knows."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer
from exward.posture.outside.checks import service
from exward.posture.outside.seen import Seen

ID = "outside-mapi"
TITLE = "MAPI over HTTP is reachable only where clients need it"
SEVERITY = Severity.INFORMATIONAL
WHY = "Outlook's own way to the mailbox, with one password."
FIX = service.closing("mapi", "Clients in all other networks.")
SOURCES = (
    "https://learn.microsoft.com/exchange/clients/mapi-over-http/mapi-over-http",
    service.IP_SECURITY,
)


def judge(seen: Seen) -> Answer:
    """Say what the answer means."""
    return service.expected(seen, "mapi")
