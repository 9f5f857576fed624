"""Take foreign modules and handlers out of IIS."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.model.stage import Stage
from exward.response.case import Case, Sight, Target
from exward.response.plan import Action, Phase
from exward.response.repeating import Templates, for_each

ID = "remove-iis-modules"
PHASE = Phase.EVICT
RANK = 5
AFTER = ("keep-evidence", "keep-files")
TITLE = "Take foreign modules and handlers out of IIS"
EFFECT = "IIS no longer loads the code; its file is still there and is evidence."
BREAKS = "Modules of sign-in, monitoring and security products: check the file's signature."
_IN_EVENT = re.compile(r"/(globalModules|modules|handlers)/add\[@name=\"([^\"]{1,256})\"\]")
_IN_COMMAND = re.compile(
    r"\bappcmd(?:\.exe)?\"?\s.{0,200}?\bmodule\s.{0,200}?/name:\"?([^\s\"]{1,256})", re.I
)
_MODULES = Templates(
    preview=(
        "Get-WebGlobalModule -Name {} | Format-List 'Name', 'Image'",
        "Get-WebManagedModule -Name {} | Format-List 'Name', 'Type'",
    ),
    change=(
        "Disable-WebGlobalModule -Name {} -Confirm",
        "Remove-WebGlobalModule -Name {} -Confirm",
    ),
    undo=("Restore-WebConfiguration -Name 'exward-before-the-plan'",),
    undo_detail=("New-WebGlobalModule -Name {} -Image {}",),
    by_hand=(
        "A managed module (the second preview shows it): `Remove-WebManagedModule`.",
        "Restart IIS afterwards (`iisreset`): only then is the module's file free to be removed.",
    ),
)
_HANDLERS = Templates(
    preview=("Get-WebHandler -Name {} | Format-List 'Name', 'Path', 'ScriptProcessor', 'Type'",),
    change=("Remove-WebHandler -Name {} -PSPath 'IIS:\\' -Confirm",),
    undo=("Restore-WebConfiguration -Name 'exward-before-the-plan'",),
    by_hand=("Look for files with the handler's ending in web folders: they hold the code.",),
)


def actions(case: Case) -> Iterator[Action]:
    """Modules and handlers named by IIS's configuration, its audit log or appcmd."""
    found = [one for sight in case.sights(Stage.PERSISTENCE) for one in _named(sight)]
    yield from for_each((target for kind, target in found if kind != "handlers"), _MODULES)
    yield from for_each((target for kind, target in found if kind == "handlers"), _HANDLERS)


def _named(sight: Sight) -> Iterator[tuple[str, Target]]:
    fields = sight.fields
    kind = fields.get("Section", "").removesuffix("/add").rpartition("/")[2]
    if kind in {"globalModules", "modules", "httpModules", "handlers", "httpHandlers"}:
        kind = "handlers" if kind.endswith("andlers") else kind
        yield kind, Target(fields.get("name", ""), sight.reason, fields.get("image", ""))
    if match := _IN_EVENT.search(fields.get("Configuration", "")):
        yield match[1], Target(match[2], sight.reason, fields.get("NewValue", ""))
    if match := _IN_COMMAND.search(fields.get("CommandLine", "")):
        yield "globalModules", Target(match[1], sight.reason)
