"""`exward demo`: a scan of the sample intrusion that comes with exward."""

from __future__ import annotations

from importlib import resources
from typing import Any

import click

from exward.cli import options, verb_scan


@click.command("demo")
@options.rules_options
@options.scan_options
@options.output_options
def command(**given: Any) -> int:
    """Scan the bundled sample intrusion: what exward says of a compromised server."""
    with resources.as_file(resources.files("exward").joinpath("content/sample")) as sample:
        code = verb_scan.run((str(sample),), given)
    # That the sample is compromised is what the demonstration is for.
    return 0 if code == 1 else code
