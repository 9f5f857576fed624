"""`exward doctor`: whether this installation works, and what a report of a defect needs."""

from __future__ import annotations

import click

from exward.cli import exits
from exward.cli.options import CACHE_DIR, COMMON_OPTIONS
from exward.cli.terminal import show


def _run(cache_dir: str | None) -> int:
    from exward.cli.health import BROKEN, examine  # all of the engine; --help needs none of it

    broken = False
    for check in examine(cache_dir):
        broken = broken or check.state == BROKEN
        show(f"{check.state:<8} {check.name:<16} {check.detail}")
        if check.hint:
            show(f"{'':<8} → {check.hint}")
    show("Something is broken: see above." if broken else "All is well.")
    return exits.FAILED if broken else exits.DONE


command = click.Command(
    "doctor",
    callback=_run,
    params=[CACHE_DIR, *COMMON_OPTIONS],
    help="Examine this installation; the exit code is 3 if something is broken.",
)
