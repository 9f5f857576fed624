"""Exit codes: part of the contract with scripts that call exward."""

from __future__ import annotations

from exward.model.outcome import Status
from exward.model.result import ScanResult
from exward.model.severity import Severity

DONE = 0
FINDINGS = 1
USAGE = 2
FAILED = 3
INCOMPLETE = 4
INTERRUPTED = 130

MEANINGS = {
    DONE: "done; nothing at or above `--fail-on`",
    FINDINGS: "done; findings at or above `--fail-on` (also where some evidence was not read)",
    USAGE: "wrong usage: a flag, a setting or a path; nothing was done",
    FAILED: "could not run",
    INCOMPLETE: "done, but some evidence could not be read, or none of it held a record",
    INTERRUPTED: "interrupted; what was found until then is written",
}


def of_result(result: ScanResult, fail_on: Severity | None) -> int:
    """Exit code of a run; `fail_on` None means that findings and failed checks never decide it.

    Findings win over unread evidence: who automates on 1 must not miss an attack because one
    file of many was damaged.
    """
    if result.run.interrupted:
        return INTERRUPTED
    if fail_on is not None and any(
        finding.severity.rank >= fail_on.rank and not finding.accepted
        for finding in result.findings
    ):
        return FINDINGS
    if fail_on is not None and any(
        outcome.status is Status.FAIL and outcome.severity.rank >= fail_on.rank
        for outcome in result.outcomes
    ):
        return FINDINGS
    if result.skipped or result.run.records == 0:
        return INCOMPLETE
    return DONE
