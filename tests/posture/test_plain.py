"""PowerShell's ways of writing values."""

import pytest

from exward.posture import build, plain
from exward.posture.row import Row, rows


@pytest.mark.parametrize(
    ("value", "members"),
    [
        (None, ()), ({}, ()), ([], ()), ("a", ("a",)), (["a", 1], ("a", 1)),
        ({"value": ["a"], "Count": 1}, ("a",)), ({"value": 3, "Count": 1}, None),
        ({"value": [], "other": 1}, None),
    ],
)  # fmt: skip
def test_lists(value, members):
    assert plain.listed(value) == ((value,) if members is None else members)


@pytest.mark.parametrize("value", ["@{Name=x; y=z}", "System.Object[]", {}, [], None])
def test_what_depth_cut_off_is_no_text(value):
    assert plain.text(value) is None


@pytest.mark.parametrize(
    ("value", "truth"),
    [(True, True), ("True", True), ("$false", False), (1, True), ("0", False), ("yes", None),
     (None, None), ({}, None), (2, None)],
)  # fmt: skip
def test_truth(value, truth):
    assert plain.truth(value) is truth


@pytest.mark.parametrize(
    ("value", "number"),
    [(0, 0), ("15", 15), (3.0, 3), (3.5, None), (True, 1), ("9" * 30, None), (None, None)],
)
def test_numbers(value, number):
    assert plain.number(value) == number


@pytest.mark.parametrize(
    ("value", "micros"),
    [
        ("2026-11-26T01:02:03Z", 1_795_654_923_000_000),
        ("2026-11-26T02:02:03+01:00", 1_795_654_923_000_000),
        ("2026-11-26T01:02:03", 1_795_654_923_000_000),
        ("/Date(1795654923000)/", 1_795_654_923_000_000),
        ("/Date(1795654923000+0100)/", 1_795_654_923_000_000),
        ({"value": "/Date(1795654923000)/", "DateTime": "x"}, 1_795_654_923_000_000),
        ("/Date(x)/", None), ("yesterday", None), (7, None), (None, None),
    ],
)  # fmt: skip
def test_times(value, micros):
    assert plain.moment(value) == micros


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("15.2.1118.7", "15.2.1118.7"), ("15.02.1118.007", "15.2.1118.7"),
        ("Version 15.2 (Build 1118.7)", "15.2.1118.7"), ("15.2.1118", "15.2.1118"),
        ({"Major": 15, "Minor": 2, "Build": 1118, "Revision": 7}, "15.2.1118.7"),
        ("10.0.20348.1", None), ("15.2", None), ("x", None), (None, None), ({}, None), (15, None),
    ],
)  # fmt: skip
def test_builds(value, written):
    parsed = build.parse(value)
    assert (None if parsed is None else str(parsed)) == written


def test_builds_are_ordered_as_numbers():
    older, newer = build.parse("15.2.986.5"), build.parse("15.2.1118")
    assert older is not None
    assert newer is not None
    assert older.numbers < newer.numbers


def test_a_row_has_names_without_case_and_tells_missing_from_null():
    row = Row({"Name": "a", "None": None, "List": {"Name": "b"}, "Texts": ["x", {}]})
    assert row.text("NAME") == "a"
    assert "none" in row
    assert row.rows("none") == ()
    assert row.rows("missing") is None
    assert [one.text("name") for one in row.rows("list") or ()] == ["b"]
    assert row.texts("texts") == ("x",)
    assert row.row("name") is None
    assert rows("x") == ()


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ("36 MB (37,748,736 bytes)", 37_748_736), ("36 MB (37.748.736 bytes)", 37_748_736),
        ("10 MB (10 485 760 bytes)", 10_485_760), (4096, 4096), ("4096", 4096),
        ({"Value": "36 MB (37,748,736 bytes)"}, 37_748_736),
        ("Unlimited", None), ("36 MB ( bytes)", None), (None, None), ([], None),
    ],
)  # fmt: skip
def test_sizes(value, size):
    assert plain.size(value) == size
    assert Row({"x": value}).size("X") == size


@pytest.mark.parametrize(
    ("value", "days"),
    [
        ("90.00:00:00", 90), ("00:15:00", 0), ("1.02:03:04.5000000", 1), ({"Days": 30}, 30),
        ("Unlimited", None), ("90", None), (90, None), (None, None), ({}, None),
    ],
)  # fmt: skip
def test_spans_of_time(value, days):
    assert plain.days(value) == days
    assert Row({"x": value}).days("X") == days
