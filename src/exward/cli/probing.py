"""One look from outside, from flags to exit code."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from exward.cli import exits
from exward.cli.assessing import note_age, note_form
from exward.cli.interrupt import interruptible
from exward.cli.options import OutputFlags, pick, threshold
from exward.cli.output import check_targets, write_result, write_text
from exward.cli.progress import Unseen
from exward.cli.terminal import note
from exward.model.errors import ExwardError
from exward.posture.facts import default_dir
from exward.posture.outside.address import parse
from exward.posture.outside.area import Document
from exward.posture.outside.ports import PORTS
from exward.posture.outside.visit import Manners
from exward.scan import probe

MANNERS = Manners()


def run_probe(urls: Sequence[str], values: Mapping[str, Any]) -> int:
    """Visit, write the results where the flags say, and return the exit code."""
    output = pick(OutputFlags, values)
    folder = values["facts"]
    settings = probe.ProbeSettings(
        addresses=tuple(map(parse, urls)),
        manners=MANNERS,
        ports=PORTS if values["ports"] else (),
        facts=default_dir() if folder is None else Path(folder),
    )
    check_targets(output, [])
    with interruptible() as cancelled:
        probed = probe.probe(settings, Unseen(cancelled))
    result = probed.result
    write_result(result, output)
    if values["write"]:
        _write_areas(Path(values["write"]), probed.areas, quiet=output.quiet)
    if not output.quiet:
        note_age(result)
        note_form(output.format)
    return exits.of_result(result, threshold(output.fail_on))


def _write_areas(folder: Path, areas: Sequence[Document], *, quiet: bool) -> None:
    """Write what was seen, a file for each server; raises ExwardError if it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExwardError(f"cannot be made: {reason}", "name a folder", str(folder)) from error
    for area in areas:
        write_text(folder / area.name, (json.dumps(area.content, indent=1), "\n"))
        if not quiet:
            note(f"written: {folder / area.name}; give it to exward posture with the collection")
