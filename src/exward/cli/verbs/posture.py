"""`exward posture PATH...`: inventories → patch level, open vulnerabilities, weak settings."""

from __future__ import annotations

from typing import Any

import click

from exward.cli.options import (
    COMMON_OPTIONS,
    FACTS,
    JOBS,
    NO_PROGRESS,
    OUTPUT_OPTIONS,
    PASSWORD_OPTIONS,
    PLAN,
)


def _run(paths: tuple[str, ...], sample: bool, **values: Any) -> int:
    from exward.cli.assessing import run_posture  # all of the engine; --help needs none of it
    from exward.cli.sample import inventory_path

    if bool(paths) == sample:
        raise click.UsageError("give PATHS or --sample, one of them")
    return run_posture((inventory_path(),) if sample else paths, values)


command = click.Command(
    "posture",
    callback=_run,
    params=[
        click.Argument(["paths"], nargs=-1, type=click.Path(exists=True)),
        click.Option(["--sample"], is_flag=True, help="Check the bundled sample of two servers."),
        *OUTPUT_OPTIONS,
        PLAN,
        *PASSWORD_OPTIONS,
        FACTS,
        JOBS,
        NO_PROGRESS,
        *COMMON_OPTIONS,
    ],
    help=(
        "Read inventories and say for each server what is missing and what is open.\n\n"
        "Inventories are the collector's zips, HealthChecker's XML, results of cmdlets as JSON, "
        "CSV or CLIXML, set-up logs, saved web answers, registry exports and IIS's configuration."
    ),
)
