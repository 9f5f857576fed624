"""Copy each file that the intruder wrote, with its hash, before it is removed."""

from __future__ import annotations

from collections.abc import Iterator

from exward.response.case import MAX_TARGETS, Case, left_out, reasons_of
from exward.response.files import named_only, written_files
from exward.response.plan import Action, Phase
from exward.response.quoting import command

ID = "keep-files"
PHASE = Phase.PRESERVE
RANK = 20
AFTER = ("keep-evidence",)
TITLE = "Copy the intruder's files, with their hashes"
EFFECT = "Each file lies in the evidence folder under a number that runs nowhere."
BREAKS = "Antivirus may take the copies: keep the folder out of its reach while you copy."


def actions(case: Case) -> Iterator[Action]:
    """One hash and one copy for each file."""
    targets = written_files(case)
    unplaced = named_only(case)
    if not targets and not unplaced:
        return
    paths = [one.name for one in targets[:MAX_TARGETS]]
    notes = tuple(f"Find this file on the server by hand: {path}" for path in unplaced)
    yield Action(
        reasons=reasons_of(targets) or case.decided_by,
        preview=tuple(
            command(
                "Get-Item -LiteralPath {} -Force | Format-List 'FullName', 'Length', '*Time'", path
            )
            for path in paths
        ),
        change=(
            *(
                command(
                    "Get-FileHash -Algorithm SHA256 -LiteralPath {} | Export-Csv -Append "
                    "-NoTypeInformation -Path (Join-Path $Evidence 'files.csv')",
                    path,
                )
                for path in paths
            ),
            *(
                command(
                    "Copy-Item -LiteralPath {} -Destination (Join-Path $Evidence {})",
                    path,
                    f"{number:04}.bin",
                )
                for number, path in enumerate(paths, 1)
            ),
        ),
        notes=(*notes, *left_out(targets)),
    )
