import calendar

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.cli.moments import Moment

START = Moment(end_of_day=False)
END = Moment(end_of_day=True)


def micros(*parts):
    return calendar.timegm((*parts, 0, 0, 0)[:6]) * 1_000_000


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (START, "2026-01-05", micros(2026, 1, 5)),
        (END, "2026-01-05", micros(2026, 1, 6) - 1),
        (END, "2026-01-05T00:00", micros(2026, 1, 5)),
        (START, "2026-01-05T14:30", micros(2026, 1, 5, 14, 30)),
        (START, "2026-01-05 14:30:01.000002", micros(2026, 1, 5, 14, 30, 1) + 2),
        (START, "2026-01-05T14:30:00Z", micros(2026, 1, 5, 14, 30)),
        (START, "2026-01-05T14:30+01:00", micros(2026, 1, 5, 13, 30)),
        (START, "1970-01-01", 0),
        (START, "1969-12-31T23:59:59.999999", -1),
    ],
)
def test_reads(kind, text, expected):
    assert kind.convert(text, None, None) == expected


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "2026-01-05T25:00", "05/01/2026"])
def test_refuses(text):
    with pytest.raises(click.BadParameter, match="is no time"):
        START.convert(text, None, None)


def test_edge_of_the_calendar_is_refused_not_raised():
    with pytest.raises(click.BadParameter):
        START.convert("0001-01-01T00:00+14:00", None, None)


@given(st.text(max_size=40))
def test_any_text_is_a_time_or_refused(text):
    try:
        moment = START.convert(text, None, None)
    except click.BadParameter:
        return
    assert isinstance(moment, int)
