"""`exward scan`: evidence → verdict, story, findings."""

from __future__ import annotations

import sys
from typing import Any

import click
from rich.console import Console

from exward.cli import exits, options, writing
from exward.cli.progress import ScanProgress, interruptible
from exward.model.errors import UsageError
from exward.model.severity import Severity


@click.command("scan")
@click.argument("paths", nargs=-1, required=True)
@options.rules_options
@options.scan_options
@options.output_options
def command(paths: tuple[str, ...], **given: Any) -> int:
    """Read logs from files, folders and archives, and tell what happened.

    PATHS are logs, folders of any depth, or archives (zip, tar, 7z; nested). What each file is
    is told by its content.
    """
    return run(paths, given)


def run(paths: tuple[str, ...], given: dict[str, Any]) -> int:
    """Scan with the values of the flags; the exit code."""
    from exward.scan.pipeline import ScanSettings, scan

    _check(given)
    settings = ScanSettings(
        paths=paths,
        rule_dirs=tuple(given["rules"]),
        builtin_rules=given["builtin_rules"],
        time_from=given["from_"],
        time_to=given["to"],
        level=Severity(given["level"]),
        jobs=given["jobs"],
        password=options.password_of(given["password"], given["password_file"]),
        cache_dir=given["cache_dir"],
        placeholders=given["placeholders"],
    )
    shown = sys.stderr.isatty() and not given["no_progress"] and not given["quiet"]
    progress = ScanProgress(Console(stderr=True) if shown else None)
    with interruptible(progress):
        result = scan(settings, progress)
    writing.write_result(
        result, given["format_"], given["output"], given["report"], not given["no_color"]
    )
    if given["report"] and not given["quiet"]:
        click.echo(f"report: {given['report']}", err=True)
    return exits.of_result(result, options.fail_on_of(given["fail_on"]))


def _check(given: dict[str, Any]) -> None:
    writing.check_target(given["output"], "--output")
    if given["report"] is not None:
        writing.check_target(given["report"], "--report")
    start, end = given["from_"], given["to"]
    if start is not None and end is not None and start > end:
        raise UsageError("--from lies after --to")
    if not given["rules"] and not given["builtin_rules"]:
        raise UsageError("no rules to use", "give --rules DIR with --no-builtin-rules")
