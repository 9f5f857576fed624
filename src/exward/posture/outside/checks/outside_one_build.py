"""Whether all servers that answer at one address have the same build."""

from __future__ import annotations

from exward.model.posture import Precision
from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, passed, unknown
from exward.posture.outside.seen import Seen

ID = "outside-one-build"
TITLE = "All servers at the address have the same build"
SEVERITY = Severity.MEDIUM
WHY = "Behind one address the weakest server decides: attackers ask until it answers."
FIX = Fix(
    change="Bring all servers behind the balancer to the newest build.",
    preview="Get-ExchangeServer | ForEach-Object { Invoke-Command $_.Fqdn { GCM ExSetup } }",
    undo="Control Panel, installed updates; a cumulative update cannot be taken back.",
    breaks="Each server restarts; take one after the other out of the balancer.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/new-features/build-numbers-and-release-dates",
    "https://learn.microsoft.com/exchange/architecture/client-access/load-balancing",
)
_MAX = 8


def judge(seen: Seen) -> Answer:
    """Compare the answers that tell the whole build."""
    exact = [one for one in seen.builds if one.precision is Precision.EXACT]
    found = sorted({one.build for one in exact}, key=lambda build: build.numbers)
    if not found:
        return unknown("No answer tells the whole build.")
    if len(found) == 1:
        return passed(f"Every answer that tells the build tells {found[0]}.")
    names = sorted({name for one in seen.every_reply() for name in one.values("X-FEServer")})
    who = f" Servers: {', '.join(names[:_MAX])}." if names else ""
    builds = ", ".join(map(str, found[:_MAX]))
    return failed(f"Answers tell {builds}; the oldest is judged.{who}")
