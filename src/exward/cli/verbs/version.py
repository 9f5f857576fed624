"""`exward version`: the version alone."""

from __future__ import annotations

import click

from exward import __version__
from exward.cli.terminal import show


def _run() -> None:
    show(f"exward {__version__}")


command = click.Command("version", callback=_run, help="Show the version.")
