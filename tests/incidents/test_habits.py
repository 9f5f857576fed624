"""Who writes to everybody again and again has the habit."""

from __future__ import annotations

from typing import Any

import pytest

from exward.incidents import habits
from exward.model.finding import Evidence, Finding
from exward.model.severity import Severity
from tests.incidents.cases import DAY, HOUR, START, finding


def burst(*times: int, **changes: Any) -> Finding:
    places = tuple(Evidence("MSGTRK.LOG", n, time, {}) for n, time in enumerate(times))
    given = {"techniques": ("T1534",), "evidence": places, "last": times[-1], **changes}
    return finding("burst", "lateral-movement", "medium", at=times[0], **given)


def test_a_newsletter_is_explained() -> None:
    (one,) = habits.explain([burst(START, START + 7 * DAY, START + 14 * DAY)])
    assert one.severity is Severity.INFORMATIONAL
    assert one.explained == "this mailbox does so again and again: on 3 days in what is shown"


@pytest.mark.parametrize(
    "one",
    [
        burst(START),
        burst(START, START + HOUR, START + 2 * HOUR),
        burst(START, START + DAY, START + 2 * DAY),
        burst(START, START + 8 * DAY),
        burst(START, START + 7 * DAY, START + 14 * DAY, techniques=("T1114.003",)),
        burst(START, START + 7 * DAY, START + 14 * DAY, last=None),
    ],
)
def test_what_is_no_habit_stays(one: Finding) -> None:
    assert habits.explain([one]) == (one,)
