"""Everybody knows the names of the built-in accounts."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import named, objects

ID = "built-in-accounts"
TITLE = "Guest and DefaultAccount are disabled"
SEVERITY = Severity.MEDIUM
READS = ("local-users",)
GOOD = "The local accounts with the numbers 501 and 503 are not enabled"
WHY = "Intruders switch them on to come back later: they look as if they belonged there."
FIX = Fix(
    change="Get-LocalUser | ? SID -match '-50[13]$' | Disable-LocalUser",
    preview="Get-LocalUser | ? SID -match '-50[13]$' | ft Name, Enabled, LastLogon",
    undo="Enable-LocalUser NAME",
)
SOURCES = (
    "https://learn.microsoft.com/windows/security/identity-protection/access-control/local-accounts",
)
_ENDS = ("-501", "-503")


def judge(inventory: Inventory) -> Answer:
    """Judge by SID: names differ by language and may be changed."""
    found = objects(inventory, "local-users")
    if not found:
        return not_collected(READS)
    known = [row for row in found if (row.text("Sid") or "").endswith(_ENDS)]
    weak = [f"{named(row, 'Name')} is enabled" for row in known if row.truth("Enabled")]
    missing = [
        f"whether {named(row, 'Name')} is enabled" for row in known if row.truth("Enabled") is None
    ]
    missing += [] if known else ["the built-in accounts"]
    return concluded(weak, missing, "They are disabled.")
