"""`exward accept`: write down a risk that is accepted: what, where, why, who, until when."""

from __future__ import annotations

from typing import Any

import click

from exward.cli.options import COMMON_OPTIONS, LEVELS

DEFAULT_DAYS = 90


def _run(file: str, **values: Any) -> int:
    from exward.cli.accepting import add  # all of the engine; --help needs none of it

    return add(file, values)


command = click.Command(
    "accept",
    callback=_run,
    params=[
        click.Argument(["file"], type=click.Path(dir_okay=False)),
        click.Option(["--rule"], help="Id of the rule (`exward rules list`)."),
        click.Option(
            ["--results"],
            type=click.Path(exists=True, dir_okay=False),
            help="Saved results (--format jsonl) that hold the finding.",
        ),
        click.Option(["--finding"], help="Id of the finding to take rule, server, … from."),
        click.Option(["--server"], default="", help="Only on this server; * and ? allowed."),
        click.Option(["--account"], default="", help="Only by this account; * and ? allowed."),
        click.Option(["--source-ip"], default="", help="Only from this address or network."),
        click.Option(
            ["--field", "fields"],
            multiple=True,
            metavar="NAME=VALUE",
            help="Only where this field has this value; * and ? allowed. Repeatable.",
        ),
        click.Option(["--to-level"], type=click.Choice(LEVELS), help="Change the rule's level."),
        click.Option(["--why"], required=True, help="Why the risk is accepted."),
        click.Option(["--who"], default="", help="Who accepts it (default: you)."),
        click.Option(
            ["--until"],
            default=f"{DEFAULT_DAYS}d",
            show_default=True,
            help="Last day it holds: a date, a number of days, or never.",
        ),
        *COMMON_OPTIONS,
    ],
    help=(
        "Add an accepted risk to a YAML file for --accepted.\n\n"
        "Accepted findings stay in the results, marked; they decide no verdict and no exit code. "
        "A scan reports entries that have expired or cover nothing."
    ),
)
