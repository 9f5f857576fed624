"""Outlook on the web: reachable from here or not; whether it should be, the owner knows."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer
from exward.posture.outside.checks import service
from exward.posture.outside.seen import Seen

ID = "outside-owa"
TITLE = "Outlook on the web is reachable only where clients need it"
SEVERITY = Severity.INFORMATIONAL
WHY = "Pages that need no sign-in are open to attackers, too; all mail is one password away."
FIX = service.closing("owa", "Clients in all other networks.")
SOURCES = (
    "https://learn.microsoft.com/exchange/clients/outlook-on-the-web/virtual-directories",
    service.IP_SECURITY,
)


def judge(seen: Seen) -> Answer:
    """Say what the answer means."""
    return service.expected(seen, "owa")
