"""`exward report RESULTS`: render saved results again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from exward.cli import exits
from exward.cli.options import COMMON_OPTIONS, OUTPUT_OPTIONS, PLAN, OutputFlags, pick, threshold


def _run(results: str, **values: Any) -> int:
    from exward.cli.output import check_targets, write_result
    from exward.cli.planning import check_plan, write_plan
    from exward.reports.load import load

    flags = pick(OutputFlags, values)
    check_targets(flags, (results,), values["plan"])
    check_plan(values["plan"])
    result = load(Path(results))
    write_result(result, flags)
    write_plan(result, values["plan"], quiet=flags.quiet)
    return exits.of_result(result, threshold(flags.fail_on))


command = click.Command(
    "report",
    callback=_run,
    params=[
        click.Argument(["results"], type=click.Path(exists=True, dir_okay=False)),
        *OUTPUT_OPTIONS,
        PLAN,
        *COMMON_OPTIONS,
    ],
    help="Render saved results (of --format jsonl) again; the exit code is that of their scan.",
)
