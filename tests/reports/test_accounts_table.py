"""Service accounts on the terminal and as a grid."""

from dataclasses import replace

from exward.reports import table
from exward.reports.accounts_view import drawn, grid
from tests.reports.hostile_result import hostile_result


def test_a_hostile_account_is_shown_as_text():
    result = hostile_result()
    run = replace(result.run, settings={"verb": "accounts"})
    text = "".join(table.render(replace(result, run=run)))
    assert "1 service account\n" in text
    assert "learning: too young" in text
    assert not any(sign in text for sign in "\x00\x1b\x07\u202e")


def test_the_week_begins_on_monday_and_shades_follow_the_share():
    week = [0] * 168
    week[0], week[24], week[25], week[26], week[27] = 100, 1, 25, 50, 75
    rows = dict(grid(week))
    assert list(rows) == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert rows["Mon"][:5] == [1, 2, 3, 4, 0]
    assert rows["Sun"][0] == 4
    assert drawn(week)[1].startswith("Mon  ░▒▓█·")


def test_a_week_of_another_length_is_not_drawn():
    assert grid([1, 2, 3]) == []
    assert drawn([]) == []
