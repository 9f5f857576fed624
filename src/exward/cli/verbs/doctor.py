"""`exward doctor`: whether this installation works, or the defences of servers do."""

from __future__ import annotations

import click

from exward.cli import exits
from exward.cli.options import CACHE_DIR, COMMON_OPTIONS
from exward.cli.terminal import show


def _run(cache_dir: str | None, defences: tuple[str, ...]) -> int:
    if defences:
        from exward.cli.defending import run_defences  # all of the engine; --help needs none of it

        return run_defences(defences, cache_dir)
    return _examine(cache_dir)


def _examine(cache_dir: str | None) -> int:
    from exward.cli.health import BROKEN, examine  # as above

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
    params=[
        click.Option(
            ["--defences"],
            multiple=True,
            type=click.Path(exists=True),
            metavar="PATH",
            help="Say for the servers in this evidence whether their defences work; repeatable.",
        ),
        CACHE_DIR,
        *COMMON_OPTIONS,
    ],
    help=(
        "Examine this installation; the exit code is 3 if something is broken.\n\n"
        "With --defences, examine the servers in the evidence instead: do logs arrive, is the "
        "antivirus alive, would each step of an attack be seen. The exit code is 1 if a defence "
        "is broken, 4 if none is but evidence could not be read."
    ),
)
