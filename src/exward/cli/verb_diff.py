"""`exward diff`: what changed between two scans."""

from __future__ import annotations

from pathlib import Path

import click

from exward.cli import exits, writing


@click.command("diff")
@click.argument("before", metavar="BEFORE.jsonl")
@click.argument("after", metavar="AFTER.jsonl")
@click.option("--output", metavar="FILE", default="-", show_default=True, help="Where to write it.")
def command(before: str, after: str, output: str) -> int:
    """Show findings that are new, gone or worse, and verdicts that changed."""
    from exward.reports import diff, load

    writing.check_target(output, "--output")
    changes = diff.diff(load.load(Path(before)), load.load(Path(after)))
    writing.write_pieces(diff.render_diff(changes), output)
    return exits.FOUND if changes.new or changes.worse else exits.DONE
