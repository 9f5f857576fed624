"""Windows logs only what its audit policy says."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import objects

ID = "audit-policy"
TITLE = "Windows logs what detection needs"
SEVERITY = Severity.HIGH
READS = ("audit-policy", "host")
GOOD = (
    "Success is audited for logons, processes, accounts, groups, shares, files, policy, tasks and "
    "services"
)
WHY = "Each subcategory that is off is something that exward is blind to: the answer names them."
FIX = Fix(
    change=(
        "auditpol /set /subcategory:'{0CCE922B-69AE-11D9-BED3-505054503030}' /success:enable for "
        "each that is named (better by Group Policy: Advanced Audit Policy Configuration)"
    ),
    preview="auditpol /get /category:*",
    undo="auditpol /backup /file:before.csv first; auditpol /restore /file:before.csv",
    breaks="A larger Security log; file auditing needs rules on folders, see web-root-auditing.",
)
SOURCES = (
    "https://learn.microsoft.com/windows-server/identity/ad-ds/plan/security-best-practices/audit-policy-recommendations",
    "https://learn.microsoft.com/openspecs/windows_protocols/ms-gpac/77878370-0712-47cd-997d-b07053429f6d",
)
# Numbers of subcategories: [MS-GPAC] 2.2.1.2. What is lost without each.
_TAIL = "-69ae-11d9-bed3-505054503030"
_NEEDED = {
    "0cce922b": "programs that were started (4688)",
    "0cce9215": "logons (4624, 4625)",
    "0cce921b": "logons with special rights (4672)",
    "0cce9235": "changes of accounts (4720 to 4726)",
    "0cce9237": "changes of groups (4728 to 4757)",
    "0cce922f": "changes of the audit policy (4719)",
    "0cce9227": "scheduled tasks (4698)",
    "0cce9211": "new services (4697)",
    "0cce921d": "files of the web roots (4663)",
    "0cce9244": "files over shares (5145)",
}
_ON_CONTROLLERS = {
    "0cce923c": "changes of the directory (5136)",
    "0cce923f": "NTLM logons (4776)",
    "0cce9242": "Kerberos logons (4768)",
}
_CONTROLLERS = {4, 5}


def judge(inventory: Inventory) -> Answer:
    """Judge each subcategory by its number: names differ by language."""
    found = objects(inventory, "audit-policy")
    if not found:
        return not_collected(("audit-policy",))
    settings = {
        (row.text("Guid") or "").strip("{}").lower().removesuffix(_TAIL): row.text("Setting")
        for row in found
    }
    host = inventory.row("host")
    role = None if host is None else host.number("DomainRole")
    needed = {**_NEEDED, **(_ON_CONTROLLERS if role in _CONTROLLERS else {})}
    blind = [
        what for number, what in needed.items() if (said := settings.get(number)) and not _on(said)
    ]
    if blind:
        return failed(f"Not logged, and exward is blind to it: {', '.join(blind)}.")
    missing = [what for number, what in needed.items() if not settings.get(number)]
    return concluded((), missing, f"All {len(needed):,} subcategories are logged.")


def _on(setting: str) -> bool:
    return "success" in setting.lower()
