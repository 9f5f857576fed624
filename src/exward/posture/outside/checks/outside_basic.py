"""Whether passwords are taken by Basic authentication, for which no second factor is asked."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix
from exward.posture.checks.judging import concluded
from exward.posture.outside.endpoints import ENDPOINTS
from exward.posture.outside.reach import schemes
from exward.posture.outside.seen import Seen

ID = "outside-basic"
TITLE = "Basic sign-in is not offered, but to phones"
SEVERITY = Severity.LOW
WHY = "Passwords are tried here by the thousand, and one that is found needs no second factor."
FIX = Fix(
    change=(
        "Get-AutodiscoverVirtualDirectory | Set-AutodiscoverVirtualDirectory "
        "-BasicAuthentication $false; Get-WebServicesVirtualDirectory | "
        "Set-WebServicesVirtualDirectory -BasicAuthentication $false; of the others the same"
    ),
    preview="Get-AutodiscoverVirtualDirectory | Format-List Identity, *Authentication*",
    undo="The same with $true.",
    breaks="Old clients, scanners and programs that know no other way to sign in.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/clients/default-virtual-directory-settings",
    "https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/disable-legacy-auth",
)
_PHONES = "activesync"  # where nothing but Basic is known to many


def judge(seen: Seen) -> Answer:
    """Judge by the ways to sign in that answers offer."""
    asked = [one for one in ENDPOINTS if one.name != _PHONES]
    offering = [
        f"{one.path} offers Basic"
        for one in asked
        if any("basic" in map(str.lower, schemes(two)) for two in seen.replies.get(one.name, ()))
    ]
    silent = [f"{one.path} was not answered" for one in asked if not seen.replies.get(one.name)]
    return concluded(offering, silent, "No answer offers Basic.")
