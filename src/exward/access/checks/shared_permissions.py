"""Whether administrators of Exchange may make accounts and security groups of Active Directory.

With split permissions nobody has these two roles (Microsoft Learn: Configure Exchange Server for
split permissions).
"""

from __future__ import annotations

from collections.abc import Iterator

from exward.access.findings import Rule, Said, make
from exward.access.view import View
from exward.model.finding import Finding
from exward.model.severity import Severity

SHARED = Rule(
    id="access-shared-permissions",
    title="No split permissions: administrators of Exchange make accounts and security groups",
    techniques=("T1098",),
    advice="Weigh split permissions: setup /PrepareAD /ActiveDirectorySplitPermissions:true",
    references=(
        "https://learn.microsoft.com/exchange/permissions/split-permissions/"
        "configure-exchange-for-split-permissions",
    ),
)
RULES = (SHARED,)
_ROLES = frozenset({"security group creation and membership", "mail recipient creation"})


def find(view: View) -> Iterator[Finding]:
    """Yield one finding if the evidence has assignments of these roles."""
    held = [
        one
        for one in view.directory.roles
        if one.role.casefold() in _ROLES and one.enabled and not one.delegating
    ]
    if held:
        names = ", ".join(
            sorted({f"{one.role} ({view.account(one.assignee)})" for one in held})[:6]
        )
        yield make(
            SHARED,
            Said(
                why=f"{len(held):,} assignments: {names}",
                severity=Severity.LOW,
                about=("shared",),
                places=[(one.place, {"role": one.role, "assignee": one.assignee}) for one in held],
            ),
        )
