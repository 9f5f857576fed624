"""Any user may add ten computers to a new domain."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, passed, unknown
from exward.posture.inventory import Inventory

ID = "machine-account-quota"
TITLE = "Users cannot add computers to the domain"
SEVERITY = Severity.MEDIUM
READS = ("directory",)
GOOD = "ms-DS-MachineAccountQuota is 0"
WHY = (
    "A computer account of one's own is what several attacks need: relaying with delegation, "
    "certificate abuse, CVE-2021-34470."
)
FIX = Fix(
    change="Set-ADDomain (Get-ADDomain) -Replace @{'ms-DS-MachineAccountQuota' = 0}",
    preview="Get-ADObject (Get-ADDomain).DistinguishedName -Properties ms-DS-MachineAccountQuota",
    undo="Set-ADDomain (Get-ADDomain) -Replace @{'ms-DS-MachineAccountQuota' = 10}",
    breaks=(
        "Deployment that joins computers as an ordinary user: give that account the right on one "
        "OU."
    ),
)
SOURCES = (
    "https://learn.microsoft.com/troubleshoot/windows-server/active-directory/default-workstation-numbers-join-domain",
)


def judge(inventory: Inventory) -> Answer:
    """Judge the number on the domain."""
    directory = inventory.row("directory")
    quota = None if directory is None else directory.number("MachineAccountQuota")
    if quota is None:
        return unknown("ms-DS-MachineAccountQuota was not collected.")
    said = f"ms-DS-MachineAccountQuota is {quota:,}."
    return failed(said) if quota > 0 else passed(said)
