"""Stop scheduled tasks that the intruder registered, and remove them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.model.stage import Stage
from exward.response.case import Case, Target
from exward.response.plan import Action, Phase
from exward.response.repeating import Templates, for_each

ID = "remove-tasks"
PHASE = Phase.EVICT
RANK = 50
AFTER = ("keep-evidence",)
TITLE = "Remove scheduled tasks of the intruder"
EFFECT = "The tasks no longer start; their definitions are in the evidence folder."
BREAKS = "Tasks of monitoring and backup programs with such names: compare the program they start."
_CREATE = re.compile(r"\bschtasks(?:\.exe)?\"?\s.{0,200}?/tn\s+(?:\"([^\"]+)\"|(\S+))", re.I)
_TEMPLATES = Templates(
    preview=("Get-ScheduledTask | Where-Object TaskName -eq {} | Format-List *",),
    change=(
        "Export-ScheduledTask -TaskName {} | Add-Content -Path (Join-Path $Evidence 'tasks.xml')",
        "Disable-ScheduledTask -TaskName {}",
        "Unregister-ScheduledTask -TaskName {} -Confirm",
    ),
    undo=(
        "Register-ScheduledTask -TaskName {} -Xml (Get-Content -Raw -Path (Join-Path $Evidence "
        "'tasks.xml'))",
    ),
    by_hand=("Keep and remove the program that the task starts, too.",),
)


def actions(case: Case) -> Iterator[Action]:
    """Tasks named by events 106 and 4698, or on the command line of schtasks."""
    yield from for_each(_tasks(case), _TEMPLATES)


def _tasks(case: Case) -> Iterator[Target]:
    for sight in case.sights(Stage.PERSISTENCE):
        name = sight.fields.get("TaskName", "")
        if match := _CREATE.search(sight.fields.get("CommandLine", "")):
            name = match[1] or match[2]
        yield Target(name.strip("\\").rpartition("\\")[2], sight.reason)
