"""WMI starts commands by itself, for ever, and no list of programs shows it."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import named, objects

ID = "wmi-subscriptions"
TITLE = "WMI starts no commands"
SEVERITY = Severity.CRITICAL
READS = ("wmi-subscriptions",)
GOOD = "There is no CommandLineEventConsumer and no ActiveScriptEventConsumer"
WHY = "Intruders use it to come back after every restart, as SYSTEM and without a file."
FIX = Fix(
    change=(
        "Look at the command first (exward scan). Then Get-CimInstance -Namespace "
        "root/subscription CommandLineEventConsumer -Filter \"Name='NAME'\" | Remove-CimInstance"
    ),
    preview=(
        "Get-CimInstance -Namespace root/subscription __EventConsumer; Get-CimInstance -Namespace "
        "root/subscription __EventFilter"
    ),
    undo="New-CimInstance with the values that the preview showed",
    breaks="Some management programs use it: ask their vendor.",
)
SOURCES = ("https://attack.mitre.org/techniques/T1546/003/",)
_RUN = frozenset({"commandlineeventconsumer", "activescripteventconsumer"})


def judge(inventory: Inventory) -> Answer:
    """Judge consumers that run something; those of Windows itself only write to a log."""
    found = objects(inventory, "wmi-subscriptions")
    if found is None:
        return not_collected(READS)
    weak = [
        f"{named(row, 'Name')}: {row.text('Command') or '(command not read)'}"
        for row in found
        if (row.text("Class") or "").lower() in _RUN
    ]
    missing = ["the class of a subscription"] if any(r.text("Class") is None for r in found) else []
    return concluded(weak, missing, "No subscription runs anything.")
