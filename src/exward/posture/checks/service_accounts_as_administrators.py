"""Service accounts have old passwords that many servers know."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import groups
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import named, texts

ID = "service-accounts-as-administrators"
TITLE = "No service account is an administrator"
SEVERITY = Severity.HIGH
READS = ("directory-groups",)
GOOD = (
    "No enabled account with a service principal name, and no managed service account, is in a "
    "group of owners"
)
WHY = (
    "Any user of the domain can ask for a ticket of such an account and guess its password "
    "offline; every server that runs it keeps the password."
)
FIX = Fix(
    change=(
        "Remove-ADGroupMember 'Organization Management' -Members NAME, and give it the one role "
        "that it needs"
    ),
    preview=(
        "Get-ADGroupMember 'Organization Management' -Recursive | Get-ADUser -Properties "
        "ServicePrincipalName | ? ServicePrincipalName"
    ),
    undo="Add-ADGroupMember 'Organization Management' -Members NAME",
    breaks="The service, if it really needs more than one role: test it.",
)
SOURCES = (
    "https://attack.mitre.org/techniques/T1558/003/",
    "https://learn.microsoft.com/windows-server/identity/ad-ds/manage/group-managed-service-accounts/group-managed-service-accounts/group-managed-service-accounts-overview",
)
_MANAGED = frozenset({"msds-groupmanagedserviceaccount", "msds-managedserviceaccount"})


def judge(inventory: Inventory) -> Answer:
    """Judge accounts by what the directory says, not by their names."""
    found = groups.people(inventory)
    if found is None:
        return not_collected(READS)
    accounts = [
        (row, within)
        for row, within in found.values()
        if row.truth("Enabled") is not False and not groups.is_computer(row)
    ]
    weak: list[str] = []
    missing: list[str] = []
    for row, within in accounts:
        said = f"{named(row, 'Name', 'Dn')} ({', '.join(sorted(within))})"
        principals = texts(row, "ServicePrincipalNames")
        if principals or (row.text("Class") or "").lower() in _MANAGED:
            weak.append(said)
        elif principals is None:
            missing.append(f"service principal names of {named(row, 'Name', 'Dn')}")
    return concluded(weak, missing, f"None of {len(accounts):,} administrators is one.")
