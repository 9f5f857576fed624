"""An attacker takes the server that was forgotten."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import build
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed, unknown
from exward.posture.checks.judging import listing
from exward.posture.inventory import Inventory
from exward.posture.known import named, objects

ID = "same-update-everywhere"
TITLE = "All servers of the organisation have the same cumulative update"
SEVERITY = Severity.MEDIUM
READS = ("Get-ExchangeServer",)
GOOD = "one cumulative update; security updates are judged server by server"
WHY = "One old server is enough: every Exchange server can act for all mailboxes."
FIX = Fix(
    change="# Install the cumulative update of the newest on the others, then its security update.",
    preview="Get-ExchangeServer | ft Name, ServerRole, AdminDisplayVersion",
    undo="# A cumulative update cannot be taken back.",
    breaks="The servers restart, one after the other.",
)
SOURCES = ("https://learn.microsoft.com/exchange/new-features/build-numbers-and-release-dates",)


def judge(inventory: Inventory) -> Answer:
    """Compare AdminDisplayVersion, which tells cumulative updates only."""
    servers = objects(inventory, READS[0])
    if not servers:
        return not_collected(READS)
    told = [
        (named(row, "Name", "Fqdn"), build.parse(row.raw("AdminDisplayVersion"))) for row in servers
    ]
    known = [(name, number) for name, number in told if number is not None]
    newest = max((number[:3] for _, number in known), default=None)
    behind = [f"{name} ({number})" for name, number in known if number[:3] != newest]
    if behind:
        return failed(f"Behind the others: {listing(behind)}.")
    if unread := [name for name, number in told if number is None]:
        return unknown(f"No version is known of {listing(unread)}.")
    return passed(f"All {len(known)} servers have the same cumulative update.")
