from dataclasses import replace

import pytest

from exward.cli import exits
from exward.model.severity import Severity
from exward.model.skipped import Skipped
from tests.reports.sample_result import empty_result, sample_result

LOSS = (Skipped("a.evtx", None, "damaged"),)


def scanned(*, worst=None, skipped=(), records=10, interrupted=False, outcomes=()):
    base = sample_result()
    found = [one for one in base.findings if worst is not None and one.severity == worst][:1]
    return replace(
        base,
        findings=tuple(found),
        outcomes=outcomes,
        skipped=skipped,
        run=replace(base.run, records=records, interrupted=interrupted),
    )


@pytest.mark.parametrize(
    ("result", "fail_on", "code"),
    [
        (scanned(), Severity.HIGH, exits.DONE),
        (scanned(worst="high"), Severity.HIGH, exits.FINDINGS),
        (scanned(outcomes=sample_result().outcomes), Severity.HIGH, exits.FINDINGS),
        (scanned(outcomes=sample_result().outcomes), Severity.CRITICAL, exits.DONE),
        (scanned(worst="high"), Severity.CRITICAL, exits.DONE),
        (scanned(worst="critical"), Severity.HIGH, exits.FINDINGS),
        (scanned(worst="critical"), None, exits.DONE),
        (scanned(skipped=LOSS), Severity.HIGH, exits.INCOMPLETE),
        (scanned(worst="critical", skipped=LOSS), Severity.HIGH, exits.FINDINGS),
        (scanned(worst="critical", skipped=LOSS), None, exits.INCOMPLETE),
        (scanned(records=0), Severity.HIGH, exits.INCOMPLETE),
        (scanned(worst="critical", interrupted=True), Severity.HIGH, exits.INTERRUPTED),
        (empty_result(), Severity.HIGH, exits.INTERRUPTED),
    ],
)
def test_code_of_a_result(result, fail_on, code):
    assert exits.of_result(result, fail_on) == code


def test_every_code_is_explained():
    codes = {value for value in vars(exits).values() if isinstance(value, int)}
    assert codes == set(exits.MEANINGS)
