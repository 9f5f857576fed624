"""`--plan FILE`: a repair plan beside the results."""

from __future__ import annotations

from pathlib import Path

from exward.cli.output import write_text
from exward.cli.terminal import note
from exward.model.result import ScanResult
from exward.response.forms.registry import for_file
from exward.response.planning import make_plan


def check_plan(name: str) -> None:
    """Raise UsageError, before any work is done, for a form that does not exist."""
    if name:
        for_file(name)


def write_plan(result: ScanResult, name: str, *, quiet: bool) -> None:
    """Write the plan, if one is wanted; raises ExwardError if it cannot be written."""
    if not name:
        return
    plan = make_plan(result)
    write_text(Path(name), for_file(name).render(plan))
    if not quiet:
        note(f"written: {name}, {len(plan.steps):,} steps; exward has run none of them")
