"""One look from outside, from flags to exit code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from exward.cli import exits
from exward.cli.assessing import note_age
from exward.cli.interrupt import interruptible
from exward.cli.options import OutputFlags, pick, threshold
from exward.cli.output import check_targets, write_result
from exward.cli.progress import Unseen
from exward.posture.facts import default_dir
from exward.posture.outside.address import parse
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
        facts=default_dir() if folder is None else Path(folder),
    )
    check_targets(output, [])
    with interruptible() as cancelled:
        result = probe.probe(settings, Unseen(cancelled))
    write_result(result, output)
    if not output.quiet:
        note_age(result)
    return exits.of_result(result, threshold(output.fail_on))
