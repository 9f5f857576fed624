"""Autodiscover: reachable from here or not; whether it should be, the owner knows."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer
from exward.posture.outside.checks import service
from exward.posture.outside.seen import Seen

ID = "outside-autodiscover"
TITLE = "Autodiscover is reachable only where clients need it"
SEVERITY = Severity.INFORMATIONAL
WHY = "Passwords are guessed here, and ProxyShell came in by it."
FIX = service.closing("autodiscover", "Clients in all other networks.")
SOURCES = (
    "https://learn.microsoft.com/exchange/architecture/client-access/autodiscover",
    service.IP_SECURITY,
)


def judge(seen: Seen) -> Answer:
    """Say what the answer means."""
    return service.expected(seen, "autodiscover")
