"""ActiveSync: reachable from here or not; whether it should be, the owner knows."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer
from exward.posture.outside.checks import service
from exward.posture.outside.seen import Seen

ID = "outside-activesync"
TITLE = "ActiveSync is reachable only where clients need it"
SEVERITY = Severity.INFORMATIONAL
WHY = "Phones need it, and with it one password is enough to read a mailbox."
FIX = service.closing("activesync", "Clients in all other networks.")
SOURCES = (
    "https://learn.microsoft.com/exchange/clients/exchange-activesync/exchange-activesync",
    service.IP_SECURITY,
)


def judge(seen: Seen) -> Answer:
    """Say what the answer means."""
    return service.expected(seen, "activesync")
