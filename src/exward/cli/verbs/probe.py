"""`exward probe https://HOST...`: what one's own server shows to the outside."""

from __future__ import annotations

from typing import Any

import click

from exward.cli.options import COMMON_OPTIONS, FACTS, OUTPUT_OPTIONS


def _run(urls: tuple[str, ...], **values: Any) -> int:
    from exward.cli.probing import run_probe  # the network and the facts; --help needs neither

    return run_probe(urls, values)


command = click.Command(
    "probe",
    callback=_run,
    params=[
        click.Argument(["urls"], nargs=-1, required=True, metavar="https://HOST[:PORT]..."),
        *OUTPUT_OPTIONS,
        click.Option(
            ["--ports"],
            is_flag=True,
            help="Also try ports of Exchange and Windows: a connection each, closed at once.",
        ),
        click.Option(
            ["--write"],
            type=click.Path(file_okay=False),
            metavar="DIR",
            help="Write what was seen, a file for each server, for exward posture.",
        ),
        FACTS,
        *COMMON_OPTIONS,
    ],
    help=(
        "Look at your own server from outside: version, reachable services, TLS.\n\n"
        "A dozen ordinary requests (GET), one at a time, with pauses; no credentials, no attacks, "
        "no guessing, nothing followed to other hosts. Only for servers that you may test."
    ),
)
