"""Hours that come again after a month."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest

from exward.accounts.clock import came_monthly

BERLIN = ZoneInfo("Europe/Berlin")


def hour(text: str) -> int:
    local = datetime.datetime.fromisoformat(text).replace(tzinfo=BERLIN)
    return int(local.timestamp()) // 3600


@pytest.mark.parametrize(
    ("before", "now", "is_monthly"),
    [
        ("2026-05-15T22:10", "2026-06-15T22:50", True),
        ("2026-05-15T22:10", "2026-06-15T21:10", True),
        ("2026-05-15T22:10", "2026-06-15T19:10", False),
        ("2026-05-15T22:10", "2026-06-16T22:10", False),
        ("2026-02-28T23:00", "2026-03-31T23:00", True),  # last days, and clocks changed
        ("2026-04-30T23:00", "2026-05-29T23:00", True),  # the last working days
        ("2026-05-04T06:00", "2026-06-02T06:00", True),  # the first ones
        ("2026-05-12T03:00", "2026-06-09T03:00", True),  # second Tuesdays
        ("2026-05-12T03:00", "2026-06-16T03:00", True),  # five weeks
        ("2026-05-12T03:00", "2026-07-12T03:00", False),
        ("2026-05-12T03:00", "2026-05-12T03:00", False),
    ],
)
def test_what_comes_monthly(before: str, now: str, is_monthly: bool) -> None:
    assert came_monthly(hour(before), hour(now), BERLIN) is is_monthly
