"""A local administrator of an Exchange server controls every mailbox."""

from __future__ import annotations

from exward.model.everybody import is_everybody
from exward.model.severity import Severity
from exward.posture import groups
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed, unknown
from exward.posture.checks.judging import listing
from exward.posture.inventory import Inventory
from exward.posture.known import members, named, objects
from exward.posture.row import Row

ID = "local-administrators"
TITLE = "Few are local administrators"
SEVERITY = Severity.HIGH
READS = ("local-groups",)
GOOD = (
    "The built-in administrator, Domain Admins, Exchange Trusted Subsystem, Organization "
    "Management, and at most three others"
)
WHY = (
    "SYSTEM on the server acts as Exchange itself; each further account is one more password that "
    "leads there."
)
FIX = Fix(
    change="Remove-LocalGroupMember Administrators -Member 'NAME'",
    preview="Get-LocalGroupMember Administrators",
    undo="Add-LocalGroupMember Administrators -Member 'NAME'",
    breaks="Whatever an account is needed for: backup and monitoring rarely need it.",
)
SOURCES = (
    "https://learn.microsoft.com/windows-server/identity/ad-ds/plan/security-best-practices/appendix-h--securing-local-administrator-accounts-and-groups",
    "https://learn.microsoft.com/exchange/permissions/permissions",
)
_ADMINISTRATORS = "S-1-5-32-544"
# The built-in account, Domain and Enterprise Admins.
_EXPECTED_RIDS = frozenset({"500", "512", "519"})
_EXPECTED = frozenset({groups.TRUSTED_SUBSYSTEM, "organization management"})
MAX_OTHERS = 3


def judge(inventory: Inventory) -> Answer:
    """Judge the members; everybody is critical, a few others are not."""
    found = objects(inventory, "local-groups")
    own = [row for row in found or () if row.text("Sid") == _ADMINISTRATORS]
    inside = members(own[0], "Members") if own else None
    if inside is None:
        return not_collected(READS)
    others = [row for row in inside if not _is_expected(row)]
    names = listing(named(row, "Name", "Sid") for row in others)
    if any(is_everybody(row.text("Name") or "", row.text("Sid") or "") for row in others):
        return failed(f"Administrators are: {names}.", Severity.CRITICAL)
    if len(others) > MAX_OTHERS:
        return failed(f"{len(others):,} others are administrators: {names}.")
    if not inside:
        return unknown("The list of administrators is empty, which cannot be.")
    return passed(f"Others that are administrators: {names or 'none'}.")


def _is_expected(row: Row) -> bool:
    rid = groups.rid_of(row) if (row.text("Sid") or "").startswith("S-1-5-21-") else ""
    return rid in _EXPECTED_RIDS or groups.name_of(row).rpartition("\\")[2] in _EXPECTED
