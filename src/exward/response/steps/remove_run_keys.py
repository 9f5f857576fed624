"""Remove values of the registry that start the intruder's programs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.model.stage import Stage
from exward.response.case import MAX_TARGETS, Case, Sight, Target, distinct, left_out, reasons_of
from exward.response.plan import Action, Phase
from exward.response.quoting import Command, command, is_name

ID = "remove-run-keys"
PHASE = Phase.EVICT
RANK = 65
AFTER = ("keep-evidence",)
TITLE = "Remove registry values that start programs"
EFFECT = "The programs no longer start at sign-in or with a debugger."
BREAKS = "Winlogon's Shell and Userinit must not be removed: set them back to Windows' own values."
_RUN = re.compile(r"(HKLM|HKU|HKCR|HKCU)\\(.{1,400}\\(?:Run|RunOnce))\\([^\\]{1,200})", re.I)
_DRIVES = {"HKLM": "HKEY_LOCAL_MACHINE", "HKU": "HKEY_USERS", "HKCR": "HKEY_CLASSES_ROOT"}


def actions(case: Case) -> Iterator[Action]:
    """Values below Run and RunOnce, as Sysmon names them."""
    targets = distinct(
        Target(sight.fields["TargetObject"], sight.reason, sight.fields.get("Details", ""))
        for sight in case.sights(Stage.PERSISTENCE)
        if _is_run(sight)
    )
    if not targets:
        return
    chosen = targets[:MAX_TARGETS]
    look = "Get-ItemProperty -LiteralPath {} -Name {}"
    take = "Remove-ItemProperty -LiteralPath {} -Name {} -Confirm"
    give = "Set-ItemProperty -LiteralPath {} -Name {} -Value {}"
    yield Action(
        reasons=reasons_of(chosen),
        preview=tuple(_line(look, one) for one in chosen),
        change=tuple(_line(take, one) for one in chosen),
        undo=tuple(_line(give, one, one.detail) for one in chosen if one.detail),
        notes=left_out(targets),
    )


def _is_run(sight: Sight) -> bool:
    match = _RUN.fullmatch(sight.fields.get("TargetObject", ""))
    return match is not None and is_name(match[3])


def _line(template: str, target: Target, *more: str) -> Command:
    match = _RUN.fullmatch(target.name)
    root, key, value = match.groups() if match else ("", "", "")
    hive = _DRIVES.get(root.upper(), "HKEY_CURRENT_USER")
    return command(template, f"Registry::{hive}\\{key}", value, *more)
