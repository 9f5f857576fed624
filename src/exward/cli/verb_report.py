"""`exward report`: render saved results again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from exward.cli import exits, options, writing


@click.command("report")
@click.argument("results", metavar="RESULTS.jsonl")
@options.output_options
def command(results: str, **given: Any) -> int:
    """Render results that were saved with --format jsonl in another format."""
    from exward.reports import load

    writing.check_target(given["output"], "--output")
    if given["report"] is not None:
        writing.check_target(given["report"], "--report")
    result = load.load(Path(results))
    writing.write_result(
        result, given["format_"], given["output"], given["report"], not given["no_color"]
    )
    return exits.of_result(result, options.fail_on_of(given["fail_on"]))
