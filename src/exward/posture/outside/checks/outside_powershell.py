"""Remote PowerShell is for administrators, who are inside or come by a VPN."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer
from exward.posture.outside.checks import service
from exward.posture.outside.seen import Seen

ID = "outside-powershell"
TITLE = "Remote PowerShell cannot be reached from outside"
SEVERITY = Severity.HIGH
WHY = (
    "ProxyShell, ProxyNotShell and OWASSRF ended here: with remote PowerShell a flaw or a stolen "
    "password becomes code on the server."
)
FIX = service.closing(
    "powershell", "Remote administration and hybrid tools from networks that are not listed."
)
SOURCES = (
    "https://www.microsoft.com/en-us/msrc/blog/2022/09/customer-guidance-for-reported-zero-day-vulnerabilities-in-microsoft-exchange-server",
    service.IP_SECURITY,
)


def judge(seen: Seen) -> Answer:
    """Fail where it answers, or asks for a password."""
    return service.internal(seen, "powershell")
