"""Mailbox policies may let data flow to services outside."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import named, objects

ID = "outside-services"
TITLE = "Outlook on the web hands no data to services outside"
SEVERITY = Severity.INFORMATIONAL
READS = ("Get-OwaMailboxPolicy",)
GOOD = (
    "LinkedInEnabled, FacebookEnabled and ThirdPartyFileProvidersEnabled are False, unless wanted"
)
WHY = "Contacts and files leave the organisation by a user's click, and nobody sees where to."
FIX = Fix(
    change="Set-OwaMailboxPolicy NAME -LinkedInEnabled $false -FacebookEnabled $false "
    "-ThirdPartyFileProvidersEnabled $false",
    preview="Get-OwaMailboxPolicy | fl Name, LinkedInEnabled, FacebookEnabled, Third*",
    undo="Set-OwaMailboxPolicy NAME -LinkedInEnabled $true",
    breaks="Users who use these services.",
)
SOURCES = ("https://learn.microsoft.com/powershell/module/exchange/set-owamailboxpolicy",)
_MEMBERS = ("LinkedInEnabled", "FacebookEnabled", "ThirdPartyFileProvidersEnabled")


def judge(inventory: Inventory) -> Answer:
    """A member that this version does not have is off."""
    policies = objects(inventory, READS[0])
    if not policies:
        return not_collected(READS)
    told = [
        (f"{member} of {named(row, 'Name', 'Identity')}", row, member)
        for row in policies
        for member in _MEMBERS
    ]
    asked = [(said, row.truth(member)) for said, row, member in told if member in row]
    silent = [
        named(row, "Name", "Identity") for row in policies if not any(m in row for m in _MEMBERS)
    ]
    return concluded(
        [f"{said} is True" for said, value in asked if value],
        [*(said for said, value in asked if value is None), *(f"policy {one}" for one in silent)],
        f"None of {len(policies)} policies lets them.",
    )
