"""`exward demo`: the same scan on the bundled sample intrusion."""

from __future__ import annotations

from typing import Any

import click

from exward.cli.options import COMMON_OPTIONS, SCAN_OPTIONS


def _run(**values: Any) -> int:
    from exward.cli.sample import sample_path  # all of the engine; --help needs none of it
    from exward.cli.scanning import run_scan

    return run_scan((sample_path(),), values)


command = click.Command(
    "demo",
    callback=_run,
    params=[*SCAN_OPTIONS, *COMMON_OPTIONS],
    help="Scan the bundled sample intrusion: what a compromised server looks like.",
)
