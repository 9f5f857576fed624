"""Two rules of Defender block what attacks on Exchange have in common."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import antivirus
from exward.posture.checks.interface import Answer, Fix, not_collected, unknown
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import texts

ID = "attack-surface-reduction"
TITLE = "Rules against web shells and theft from LSASS are on"
SEVERITY = Severity.MEDIUM
READS = ("defender",)
GOOD = "Both rules block (1), audit (2) or warn (6)"
WHY = (
    "One rule stops the writing of web shells on Exchange servers, the other the reading of "
    "passwords from LSASS."
)
FIX = Fix(
    change=(
        "Add-MpPreference -AttackSurfaceReductionRules_Ids a8f5898e-1dc8-49a9-9878-85004b8a61e6, "
        "9e6c4e1f-7d60-472f-ba1a-a39ef669e4b2 -AttackSurfaceReductionRules_Actions AuditMode, "
        "AuditMode; after some weeks without wrong hits, Enabled"
    ),
    preview="Get-MpPreference | fl AttackSurfaceReductionRules_*",
    undo=(
        "Remove-MpPreference -AttackSurfaceReductionRules_Ids "
        "a8f5898e-1dc8-49a9-9878-85004b8a61e6, 9e6c4e1f-7d60-472f-ba1a-a39ef669e4b2"
    ),
    breaks="Management programs that read LSASS; audit first.",
)
SOURCES = (
    "https://learn.microsoft.com/defender-endpoint/attack-surface-reduction-rules-reference",
)
RULES = {
    "a8f5898e-1dc8-49a9-9878-85004b8a61e6": "web shell creation",
    "9e6c4e1f-7d60-472f-ba1a-a39ef669e4b2": "theft from LSASS",
}
# Get-MpPreference: 0 off, 1 block, 2 audit, 5 not configured, 6 warn.
_ON = frozenset({"1", "2", "6", "enabled", "auditmode", "warn"})


def judge(inventory: Inventory) -> Answer:
    """Judge the two rules; ids and actions are lists that belong together by place."""
    preference = antivirus.preference(inventory)
    if preference is None:
        return not_collected(READS)
    ids = texts(preference, "AttackSurfaceReductionRules_Ids")
    actions = texts(preference, "AttackSurfaceReductionRules_Actions")
    if ids is None or actions is None or len(ids) != len(actions):
        return unknown("The list of rules cannot be read.")
    on = {rule.lower() for rule, action in zip(ids, actions, strict=True) if action.lower() in _ON}
    off = [f"the rule against {what} is off" for rule, what in RULES.items() if rule not in on]
    return concluded(off, (), "Both rules are on.")
