"""One posture check from flags to exit code."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from exward.cli import exits
from exward.cli.interrupt import interruptible
from exward.cli.options import OutputFlags, pick, threshold
from exward.cli.output import check_targets, write_result
from exward.cli.password import password_of
from exward.cli.planning import check_plan, write_plan
from exward.cli.progress import showing
from exward.cli.terminal import note
from exward.model.result import ScanResult
from exward.posture.facts import STALE_DAYS, default_dir
from exward.scan import posture

_FINDINGS_ONLY = frozenset({"csv", "ecs", "navigator", "timesketch"})


def run_posture(paths: Sequence[str], values: Mapping[str, Any]) -> int:
    """Check, write the results where the flags say, and return the exit code."""
    output = pick(OutputFlags, values)
    folder = values["facts"]
    settings = posture.PostureSettings(
        paths=tuple(paths),
        password=password_of(values["password"], values["password_file"]),
        facts=default_dir() if folder is None else Path(folder),
        jobs=values["jobs"],
    )
    is_shown = not (output.quiet or values["no_progress"])
    check_targets(output, paths, values["plan"])
    check_plan(values["plan"])
    with (
        interruptible() as cancelled,
        showing(cancelled, wanted=is_shown, color=not output.no_color) as progress,
    ):
        result = posture.check(settings, progress)
    write_result(result, output)
    write_plan(result, values["plan"], quiet=output.quiet)
    if not output.quiet:
        note_age(result)
        note_form(output.format)
    return exits.of_result(result, threshold(output.fail_on))


def note_form(form: str) -> None:
    """Say so if a form holds findings only, of which a check of inventories has none."""
    if form in _FINDINGS_ONLY:
        note(f"{form} holds findings only: use json, jsonl, ocsf or html for what was checked")


def note_age(result: ScanResult) -> None:
    """Warn if the facts are so old that an update is sure to be missing in them."""
    days = {one.facts_as_of for one in result.postures}
    for day in sorted(days)[:1]:
        age = (datetime.datetime.now(datetime.UTC).date() - datetime.date.fromisoformat(day)).days
        if age > STALE_DAYS:
            note(
                f"the facts end on {day}, {age:,} days ago: later updates are not known to them; "
                "exward update renews them"
            )
