"""Switch on again what the intruder switched off: Defender, its exclusions, updates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.model.stage import Stage
from exward.response.case import MAX_REASONS, MAX_TARGETS, Case, Target, distinct, of_finding
from exward.response.plan import Action, Phase
from exward.response.quoting import Command, command, is_name, is_path

ID = "restore-protection"
PHASE = Phase.EVICT
RANK = 15
AFTER = ("keep-files",)
TITLE = "Switch the antivirus and updates on again"
EFFECT = "Defender protects, nothing of the intruder's is excluded, the services start."
BREAKS = "Defender may take files away at once: have the copies first."
_EXCLUDED = re.compile(
    r"\\Windows Defender\\Exclusions\\(Paths|Processes|Extensions)\\(.{1,400}?) = 0x0", re.I
)
_GIVEN = re.compile(
    r"-Exclusion(Path|Process|Extension)\s+(?:'([^']{1,300})'|\"([^\"]{1,300})\"|([^\s'\"]{1,300}))",
    re.I,
)
_KINDS = {"paths": "Path", "processes": "Process", "extensions": "Extension"}
_DISABLED = "7040"
"""The start type of a service was changed (Service Control Manager)."""
_DEFENDER = frozenset({"5001", "5007", "5010", "5012", "5013"})


def actions(case: Case) -> Iterator[Action]:
    """If Defender or a service of protection or updates was switched off or blinded."""
    found = [one for one in case.done if one.stage is Stage.DEFENCE_EVASION]
    excluded, services = distinct(_exclusions(case)), distinct(_services(case))
    touched = any(
        sight.fields.get("EventID") in _DEFENDER for sight in case.sights(Stage.DEFENCE_EVASION)
    )
    if not (excluded or services or touched):
        return
    lines = [line for one in excluded[:MAX_TARGETS] if (line := _exclusion("Remove", one))]
    yield Action(
        reasons=tuple(map(of_finding, found[:MAX_REASONS])),
        preview=(
            command("Get-MpComputerStatus | Format-List '*Enabled', '*Age', 'AMRunningMode'"),
            command("Get-MpPreference | Format-List 'Exclusion*', 'Disable*'"),
            *(command("Get-Service -Name {} | Format-List *", one.name) for one in services),
        ),
        change=(
            *lines,
            command(
                "Set-MpPreference -DisableRealtimeMonitoring $false -DisableScriptScanning $false "
                "-DisableBehaviorMonitoring $false -DisableIOAVProtection $false"
            ),
            *(command("Set-Service -Name {} -StartupType Manual", one.name) for one in services),
            command("Update-MpSignature"),
            command("Start-MpScan -ScanType FullScan"),
        ),
        undo=tuple(line for one in excluded[:MAX_TARGETS] if (line := _exclusion("Add", one))),
        by_hand=(
            "If Defender does not start, look at `HKLM:\\SOFTWARE\\Policies\\Microsoft\\Windows "
            "Defender` and at group policy.",
        ),
    )


def _exclusions(case: Case) -> Iterator[Target]:
    for sight in case.sights(Stage.DEFENCE_EVASION):
        fields = sight.fields
        value = fields.get("New Value") or fields.get("NewValue", "")
        for match in _EXCLUDED.finditer(value):
            yield Target(match[2], sight.reason, _KINDS[match[1].lower()])
        text = fields.get("ScriptBlockText") or fields.get("CommandLine", "")
        for match in _GIVEN.finditer(text):
            yield Target(match[2] or match[3] or match[4], sight.reason, match[1].capitalize())


def _services(case: Case) -> Iterator[Target]:
    for sight in case.sights(Stage.DEFENCE_EVASION):
        name = sight.fields.get("param4", "")
        if sight.fields.get("EventID") == _DISABLED and is_name(name):
            yield Target(name, sight.reason)


def _exclusion(verb: str, target: Target) -> Command | None:
    if not (is_path(target.name) or is_name(target.name)):
        return None
    return command(f"{verb}-MpPreference -Exclusion{target.detail} {{}}", target.name)
