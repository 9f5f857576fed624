"""Scheduled tasks start programs whenever somebody wants."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import launched
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.data import Data
from exward.posture.inventory import Inventory
from exward.posture.known import named, texts
from exward.posture.row import Row

ID = "unusual-tasks"
TITLE = "No scheduled task looks odd"
SEVERITY = Severity.HIGH
READS = ("scheduled-tasks",)
GOOD = "No action from a folder that others may write to, encoded, hidden or fetched from elsewhere"
WHY = "Most campaigns against Exchange left a task that fetched or started the next stage."
FIX = Fix(
    change=(
        "Keep the program and the XML of the task (Export-ScheduledTask), then "
        "Disable-ScheduledTask NAME"
    ),
    preview=(
        "Get-ScheduledTask | % { $task = $_; $task.Actions | select @{n='Task'; e={$task.TaskPath "
        "+ $task.TaskName}}, Execute, Arguments }"
    ),
    undo="Enable-ScheduledTask NAME",
)
SOURCES = ("https://attack.mitre.org/techniques/T1053/005/",)


def judge(inventory: Inventory) -> Answer:
    """Judge the actions of tasks that are not disabled."""
    data = inventory.data(READS[0])
    return not_collected(READS) if data is None else data.once(_judged)


def _judged(data: Data) -> Answer:
    found = data.objects
    if not found:
        return not_collected(READS)
    active = [row for row in found if (row.text("State") or "").lower() != "disabled"]
    missing = [f"actions of {_name(row)}" for row in active if texts(row, "Actions") is None]
    odd = launched.odd(
        (_name(row), action) for row in active for action in texts(row, "Actions") or ()
    )
    return concluded(odd, missing, f"None of {len(active):,} tasks looks odd.")


def _name(row: Row) -> str:
    return f"{row.text('Path') or ''}{named(row, 'Name')}"
