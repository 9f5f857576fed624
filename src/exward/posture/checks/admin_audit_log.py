"""The admin audit log says which cmdlets somebody ran, and on what."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, not_collected
from exward.posture.checks.judging import concluded, listing
from exward.posture.inventory import Inventory
from exward.posture.known import texts

ID = "admin-audit-log"
TITLE = "All cmdlets of administrators are logged"
SEVERITY = Severity.HIGH
READS = ("Get-AdminAuditLogConfig",)
GOOD = (
    "AdminAuditLogEnabled, cmdlets and parameters *, nothing excluded, at least 90 days, LogLevel "
    "Verbose"
)
WHY = (
    "exward would be blind to new forwarding, roles, virtual directories and exports of "
    "mailboxes: what intruders do with Exchange itself."
)
FIX = Fix(
    change=(
        "Set-AdminAuditLogConfig -AdminAuditLogEnabled $true -AdminAuditLogCmdlets * "
        "-AdminAuditLogParameters * -AdminAuditLogExcludedCmdlets $null -AdminAuditLogAgeLimit "
        "180.00:00:00 -LogLevel Verbose"
    ),
    preview="Get-AdminAuditLogConfig | fl AdminAuditLog*, LogLevel",
    undo="Set-AdminAuditLogConfig with the values that the preview showed",
    breaks="Space in one arbitration mailbox.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/policy-and-compliance/admin-audit-logging/admin-audit-logging",
    "https://learn.microsoft.com/powershell/module/exchange/set-adminauditlogconfig",
)
MIN_DAYS = 90
_LISTS = ("AdminAuditLogCmdlets", "AdminAuditLogParameters")
_EXCLUDED = "AdminAuditLogExcludedCmdlets"


def judge(inventory: Inventory) -> Answer:
    """Judge each part; the level alone is a small weakness."""
    config = inventory.row("Get-AdminAuditLogConfig")
    if config is None:
        return not_collected(READS)
    enabled = config.truth("AdminAuditLogEnabled")
    weak = ["AdminAuditLogEnabled is False"] if enabled is False else []
    missing = ["AdminAuditLogEnabled"] if enabled is None else []
    for name in _LISTS:
        held = texts(config, name)
        if held is None:
            missing.append(name)
        elif "*" not in held:
            weak.append(f"{name} is {listing(held) or 'empty'}")
    excluded = texts(config, _EXCLUDED)
    missing += [_EXCLUDED] if excluded is None else []
    weak += [f"not logged: {listing(excluded)}"] if excluded else []
    days = config.days("AdminAuditLogAgeLimit")
    missing += ["AdminAuditLogAgeLimit"] if days is None else []
    weak += [f"kept for {days:,} days"] if days is not None and days < MIN_DAYS else []
    if weak:
        return concluded(weak, (), "")
    level = config.text("LogLevel")
    if level and level.lower() != "verbose":
        return failed(f"LogLevel is {level}: what was changed is not logged.", Severity.LOW)
    missing += [] if level else ["LogLevel"]
    return concluded((), missing, f"All cmdlets are logged, for {days} days.")
