"""`exward diff A B`: what changed between two saved results."""

from __future__ import annotations

from pathlib import Path

import click

from exward.cli import exits
from exward.cli.options import COMMON_OPTIONS, FAIL_ON, threshold
from exward.cli.terminal import send

_RESULTS = click.Path(exists=True, dir_okay=False)


def _run(before: str, after: str, fail_on: str) -> int:
    from exward.reports.diff import diff, render_diff
    from exward.reports.load import load

    changes = diff(load(Path(before)), load(Path(after)))
    send(render_diff(changes))
    least = threshold(fail_on)
    risen = (*changes.new, *(worse.after for worse in changes.worse))
    if least is not None and any(
        finding.severity.rank >= least.rank and not finding.accepted for finding in risen
    ):
        return exits.FINDINGS
    return exits.DONE


command = click.Command(
    "diff",
    callback=_run,
    params=[
        click.Argument(["before"], type=_RESULTS),
        click.Argument(["after"], type=_RESULTS),
        FAIL_ON,
        *COMMON_OPTIONS,
    ],
    help=(
        "Say what changed from one saved result to a later one: verdicts, and findings that are "
        "new, worse or gone.\n\nOnly new and worse findings count for --fail-on."
    ),
)
