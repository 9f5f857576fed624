"""The offline address book: reachable from here or not; whether it should be, the owner knows."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer
from exward.posture.outside.checks import service
from exward.posture.outside.seen import Seen

ID = "outside-oab"
TITLE = "The offline address book is reachable only where clients need it"
SEVERITY = Severity.INFORMATIONAL
WHY = "Who signs in gets all addresses of the organisation."
FIX = service.closing("oab", "Clients in all other networks.")
SOURCES = (
    "https://learn.microsoft.com/exchange/email-addresses-and-address-books/offline-address-books/offline-address-books",
    service.IP_SECURITY,
)


def judge(seen: Seen) -> Answer:
    """Say what the answer means."""
    return service.expected(seen, "oab")
