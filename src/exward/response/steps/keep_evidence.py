"""Keep memory, logs and settings before anything is changed for good."""

from __future__ import annotations

from collections.abc import Iterator

from exward.response.case import Case
from exward.response.plan import Action, Phase
from exward.response.quoting import command

ID = "keep-evidence"
PHASE = Phase.PRESERVE
RANK = 10
AFTER: tuple[str, ...] = ()
TITLE = "Keep memory, logs and settings"
EFFECT = "A folder with copies; the server is otherwise as it was."
BREAKS = "Needs space: about the size of the logs. Choose a disk that Exchange does not use."
BACKUP = "exward-before-the-plan"
_LOGS = (
    "Security",
    "System",
    "Application",
    "MSExchange Management",
    "Microsoft-Windows-PowerShell/Operational",
    "Microsoft-Windows-Sysmon/Operational",
    "Microsoft-Windows-Windows Defender/Operational",
    "Microsoft-Windows-TaskScheduler/Operational",
)


def actions(case: Case) -> Iterator[Action]:
    """Once for each server on which something was done."""
    if not case.done:
        return
    yield Action(
        reasons=case.decided_by,
        preview=(
            command("Get-PSDrive -PSProvider FileSystem | Format-Table 'Name', 'Used', 'Free'"),
        ),
        change=(
            command("$Evidence = 'D:\\Evidence'"),
            command("New-Item -ItemType Directory -Force -Path $Evidence"),
            *(
                command(
                    "wevtutil.exe epl {} (Join-Path $Evidence {})",
                    log,
                    log.replace("/", "-") + ".evtx",
                )
                for log in _LOGS
            ),
            command(
                'Copy-Item -Path "$env:windir\\System32\\inetsrv\\config\\*.config" '
                "-Destination $Evidence"
            ),
            command("Backup-WebConfiguration -Name {}", BACKUP),
        ),
        undo=(command("Remove-WebConfigurationBackup -Name {}", BACKUP),),
        by_hand=(
            "First an image of the memory, with the tool that your responders use.",
            "Write the collector with `exward collect` on another machine, run it here: it takes "
            "the logs of Exchange and IIS, settings and hashes of web files.",
            "Keep a copy off the server, with its SHA-256, and note who took it and when.",
        ),
    )
