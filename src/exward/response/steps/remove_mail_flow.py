"""Switch off transport rules, journal rules and connectors that lead mail elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from exward.response.case import MAX_TARGETS, Case, Target, reasons_of
from exward.response.plan import Action, Phase
from exward.response.quoting import Command, command, is_name

ID = "remove-mail-flow"
PHASE = Phase.EVICT
RANK = 80
AFTER = ("keep-evidence",)
TITLE = "Switch off mail-flow rules and connectors of the intruder"
EFFECT = "Mail takes its usual way again."
BREAKS = "Mail that an ordered rule or connector carries: ask who made it."
_OFF = {
    "transportrule": (
        "Disable-TransportRule -Identity {} -Confirm",
        "Enable-TransportRule -Identity {}",
    ),
    "journalrule": ("Disable-JournalRule -Identity {} -Confirm", "Enable-JournalRule -Identity {}"),
    "sendconnector": (
        "Set-SendConnector -Identity {} -Enabled $false -Confirm",
        "Set-SendConnector -Identity {} -Enabled $true",
    ),
    "receiveconnector": (
        "Set-ReceiveConnector -Identity {} -Enabled $false -Confirm",
        "Set-ReceiveConnector -Identity {} -Enabled $true",
    ),
}
_LOOK = {
    "transportrule": "Get-TransportRule -Identity {} | Format-List *",
    "journalrule": "Get-JournalRule -Identity {} | Format-List *",
    "sendconnector": "Get-SendConnector -Identity {} | Format-List *",
    "receiveconnector": "Get-ReceiveConnector -Identity {} | Format-List *",
}


def actions(case: Case) -> Iterator[Action]:
    """What New- and Set- cmdlets made or changed, by name."""
    targets = [one for one in _changed(case) if is_name(one.name)][:MAX_TARGETS]
    if not targets:
        return
    yield Action(
        reasons=reasons_of(targets),
        preview=tuple(command(_LOOK[one.detail], one.name) for one in targets),
        change=tuple(command(_OFF[one.detail][0], one.name) for one in targets),
        undo=tuple(_undo(one) for one in targets),
        by_hand=("Export what is there first: `Export-TransportRuleCollection`.",),
    )


def _changed(case: Case) -> Iterator[Target]:
    for kind in _OFF:
        for call in case.calls(f"New-{kind}", f"Set-{kind}", f"Enable-{kind}"):
            name = call.parameters.get("name") or call.parameters.get("identity", "")
            yield Target(name, call.sight.reason, kind)


def _undo(target: Target) -> Command:
    return command(_OFF[target.detail][1], target.name)
