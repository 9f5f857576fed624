"""`exward scan PATH...`: evidence → verdict, story, findings."""

from __future__ import annotations

from typing import Any

import click

from exward.cli.options import (
    COMMON_OPTIONS,
    DIRECTORY,
    LEARNED,
    LOGON_WINDOWS,
    MAIL_VERDICTS,
    SCAN_OPTIONS,
    TIME_ZONE,
)


def _run(paths: tuple[str, ...], **values: Any) -> int:
    from exward.cli.scanning import run_scan  # all of the engine; --help needs none of it

    return run_scan(paths, values)


command = click.Command(
    "scan",
    callback=_run,
    params=[
        click.Argument(["paths"], nargs=-1, required=True, type=click.Path(exists=True)),
        *SCAN_OPTIONS,
        *(MAIL_VERDICTS, DIRECTORY, LEARNED, LOGON_WINDOWS, TIME_ZONE),
        *COMMON_OPTIONS,
    ],
    help=(
        "Read evidence (files, folders, archives) and say for each server what happened.\n\n"
        "Windows event logs, IIS and Exchange logs are found by what they hold, not by their name; "
        "so are messages, and what followed a harmful one is told with it."
    ),
)
