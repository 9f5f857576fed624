"""The Exchange admin center is for administrators, who are inside or come by a VPN."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer
from exward.posture.outside.checks import service
from exward.posture.outside.seen import Seen

ID = "outside-ecp"
TITLE = "The Exchange admin center cannot be reached from outside"
SEVERITY = Severity.MEDIUM
WHY = (
    "Administrators' passwords can be tried here, and ProxyLogon and later flaws wrote their web "
    "shells by way of it."
)
FIX = service.closing(
    "ecp", "Administrators in other networks, and users' own settings that open below /ecp."
)
SOURCES = (
    "https://learn.microsoft.com/exchange/architecture/client-access/disable-exchange-admin-center-access",
    service.IP_SECURITY,
)


def judge(seen: Seen) -> Answer:
    """Fail where it answers, or asks for a password."""
    return service.internal(seen, "ecp")
