"""With an audit rule Windows says which program wrote a file of the web root."""

from __future__ import annotations

from exward.model.everybody import is_all
from exward.model.severity import Severity
from exward.posture import folder_access
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import members, named
from exward.posture.row import Row

ID = "web-root-auditing"
TITLE = "Writing to the web roots is audited"
SEVERITY = Severity.MEDIUM
READS = ("folders",)
GOOD = "Every web root has an audit rule for writing, for everybody"
WHY = (
    "exward would be blind to who dropped a web shell and when, once the file is gone or its "
    "times are forged."
)
FIX = Fix(
    change=(
        r"$acl = Get-Acl 'C:\inetpub\wwwroot' -Audit; $acl.AddAuditRule((New-Object "
        r"System.Security.AccessControl.FileSystemAuditRule('Everyone', 'CreateFiles, AppendData, "
        r"Delete, ChangePermissions', 'ContainerInherit, ObjectInherit', 'None', 'Success'))); "
        r"Set-Acl 'C:\inetpub\wwwroot' $acl # and so for FrontEnd\HttpProxy, ClientAccess"
    ),
    preview=r"(Get-Acl 'C:\inetpub\wwwroot' -Audit).Audit",
    undo=(
        r"$acl = Get-Acl 'C:\inetpub\wwwroot' -Audit; $acl.Audit | % { $acl.RemoveAuditRule($_) "
        r"}; Set-Acl 'C:\inetpub\wwwroot' $acl"
    ),
    breaks="A few events for each file that an update writes.",
)
SOURCES = (
    "https://learn.microsoft.com/windows/security/threat-protection/auditing/apply-a-basic-audit-policy-on-a-file-or-folder",
)
# Folders of the same area that are no web roots.
_OTHERS = ("\\pickup", "\\replay", "\\agents", "\\logging", "\\bin", "\\v15")


def judge(inventory: Inventory) -> Answer:
    """Judge every collected web root."""
    found = folder_access.folders(inventory)
    roots = [row for row in found or () if not (row.text("Path") or "").lower().endswith(_OTHERS)]
    if not roots:
        return not_collected(READS)
    weak: list[str] = []
    missing: list[str] = []
    for row in roots:
        rules = members(row, "Audit") if row.raw("Audit") is not None else None
        if rules is None:
            missing.append(f"audit rules of {named(row, 'Path')}")
        elif not any(_covers(rule) for rule in rules):
            weak.append(f"{named(row, 'Path')} is not audited, and exward is blind to it")
    return concluded(weak, missing, f"All {len(roots):,} web roots are audited.")


def _covers(rule: Row) -> bool:
    success = "success" in (rule.text("Flags") or "").lower()
    return success and is_all(rule.text("Sid") or "") and folder_access.writes(rule)
