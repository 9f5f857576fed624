"""µs to ISO 8601 and back, for every time that a record can claim."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.reports.times import TOOL_FIRST, TOOL_LAST, iso, micros, tool_time

YEAR_60056_FILETIME = 2**64 // 10 - 11_644_473_600_000_000


@pytest.mark.parametrize(
    ("time", "text"),
    [
        (0, "1970-01-01T00:00:00.000000Z"),
        (-1, "1969-12-31T23:59:59.999999Z"),
        (1_767_579_249_123_456, "2026-01-05T02:14:09.123456Z"),
        (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
        (-11_644_473_600_000_000, "1601-01-01T00:00:00.000000Z"),
        (-62_167_219_200_000_000, "0000-01-01T00:00:00.000000Z"),
        (-62_167_219_200_000_001, "-000001-12-31T23:59:59.999999Z"),
        (253_402_300_800_000_000, "+010000-01-01T00:00:00.000000Z"),
        (YEAR_60056_FILETIME, "+060056-05-28T05:36:10.955161Z"),
    ],
)
def test_written_and_read_back(time, text):
    assert iso(time) == text
    assert micros(text) == time


def test_no_time_stays_none():
    assert iso(None) is None
    assert tool_time(None) is None


@given(st.integers(-(2**80), 2**80))
def test_every_whole_number_comes_back(time):
    text = iso(time)
    assert text is not None
    assert micros(text) == time


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-01-05",
        "2026-01-05 02:14:09.123456Z",
        "2026-01-05T02:14:09Z",
        "2026-01-05T02:14:09.123456+01:00",
        "2026-02-30T02:14:09.123456Z",
        "2026-01-05T24:00:00.000000Z",
        "+2026-01-05T02:14:09.123456Z",
        "２０２６-01-05T02:14:09.123456Z",
        "2026-01-05T02:14:09.123456Z\n",
        f"+{'9' * 5000}-01-05T02:14:09.123456Z",
    ],
)
def test_every_other_text_is_refused(text):
    with pytest.raises(ValueError, match=r"time|day|hour"):
        micros(text)


@given(st.text())
def test_reading_raises_nothing_but_value_error(text):
    try:
        assert iso(micros(text)) is not None
    except ValueError:
        return


@pytest.mark.parametrize(
    ("time", "usable"),
    [(0, True), (TOOL_FIRST, True), (TOOL_LAST, True), (TOOL_FIRST - 1, False),
     (TOOL_LAST + 1, False)],
)  # fmt: skip
def test_tools_get_times_that_fit_nanoseconds(time, usable):
    assert (tool_time(time) is not None) == usable
    assert -(2**63) <= (TOOL_FIRST * 1000) <= (TOOL_LAST * 1000) < 2**63
