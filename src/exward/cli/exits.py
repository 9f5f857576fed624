"""Exit codes: part of the contract with scripts."""

from __future__ import annotations

from exward.model.result import ScanResult
from exward.model.severity import Severity

DONE = 0
"""Nothing at or above `--fail-on` was found."""
FOUND = 1
"""There are findings at or above `--fail-on`."""
USAGE = 2
"""The command line or a setting is wrong."""
FAILED = 3
"""It could not run."""
NOT_ALL_READ = 4
"""Done, but some evidence could not be read."""
INTERRUPTED = 130
"""Stopped by Ctrl-C; what was found until then is written."""


def of_result(result: ScanResult, fail_on: Severity | None) -> int:
    """The code for a scan; findings weigh more than evidence that was not read."""
    if result.run.interrupted:
        return INTERRUPTED
    if fail_on is not None and any(f.severity.rank >= fail_on.rank for f in result.findings):
        return FOUND
    return NOT_ALL_READ if result.skipped else DONE
