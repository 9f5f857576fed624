"""Remove the intruder's files: web shells, dumps, archives, programs."""

from __future__ import annotations

from collections.abc import Iterator

from exward.response.case import MAX_TARGETS, Case, left_out, reasons_of
from exward.response.files import written_files
from exward.response.plan import Action, Phase
from exward.response.quoting import command

ID = "remove-files"
PHASE = Phase.EVICT
RANK = 10
AFTER = ("keep-files", "remove-iis-modules")
TITLE = "Remove the intruder's files"
EFFECT = "The files are gone from the server; the copies are in the evidence folder."
BREAKS = (
    "A page that Exchange shipped and the intruder changed is needed: put the original back "
    "from the same cumulative update instead of removing it."
)


def actions(case: Case) -> Iterator[Action]:
    """Each removal asks once more."""
    targets = written_files(case)
    if not targets:
        return
    paths = [one.name for one in targets[:MAX_TARGETS]]
    yield Action(
        reasons=reasons_of(targets),
        preview=tuple(
            command(
                "Get-AuthenticodeSignature -LiteralPath {} | Format-List 'Status', 'Path'", path
            )
            for path in paths
        ),
        change=tuple(command("Remove-Item -LiteralPath {} -Confirm", path) for path in paths),
        undo=tuple(
            command(
                "Copy-Item -LiteralPath (Join-Path $Evidence {}) -Destination {}",
                f"{number:04}.bin",
                path,
            )
            for number, path in enumerate(paths, 1)
        ),
        by_hand=(
            "Restart the application pools afterwards (`iisreset`): what was compiled from a page "
            "stays loaded until then.",
            "Look for other files with the same hash or time on every Exchange server.",
        ),
        notes=left_out(targets),
    )
