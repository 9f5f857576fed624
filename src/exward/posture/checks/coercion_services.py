"""Some services sign in wherever a stranger sends them."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import named_objects, those_named

ID = "coercion-services"
TITLE = "Services that can be made to sign in elsewhere are off"
SEVERITY = Severity.MEDIUM
READS = ("services",)
GOOD = "Print Spooler and WebClient are disabled or absent"
WHY = (
    "Any user makes the server's account sign in to the attacker's computer, which relays it; the "
    "account of an Exchange server is worth a domain."
)
FIX = Fix(
    change=(
        "Stop-Service Spooler, WebClient; Set-Service Spooler -StartupType Disabled; Set-Service "
        "WebClient -StartupType Disabled"
    ),
    preview="Get-Service Spooler, WebClient | ft Name, Status, StartType",
    undo="Set-Service Spooler -StartupType Automatic; Start-Service Spooler",
    breaks="Printing from the server.",
)
SOURCES = (
    "https://learn.microsoft.com/defender-for-identity/security-assessment-print-spooler",
    "https://attack.mitre.org/techniques/T1187/",
)
_SERVICES = {"spooler": "Print Spooler", "webclient": "WebClient"}
_OFF = "disabled"


def judge(inventory: Inventory) -> Answer:
    """Judge how they start: one that starts on request is started by whoever wants."""
    if not named_objects(inventory, "services"):
        return not_collected(READS)
    weak: list[str] = []
    missing: list[str] = []
    for row in those_named(inventory, "services", _SERVICES) or ():
        title, mode = _SERVICES[(row.text("Name") or "").lower()], row.text("StartMode")
        if mode is not None and mode.lower() == _OFF:
            continue
        (missing if mode is None else weak).append(f"{title} (start: {mode})")
    return concluded(weak, missing, "Both are disabled or absent.")
