"""What cannot be read is not known, and never absent."""

import pytest

from exward.posture.known import members, named, objects, own_row, registered, texts
from exward.posture.row import Row
from tests.posture.checks.inventories import inventory

KEY = r"HKLM\SYSTEM\X"


@pytest.mark.parametrize(
    ("registry", "known", "number"),
    [
        ({}, False, None),
        ({KEY: None}, True, None),
        ({KEY: {"other": 1}}, True, None),
        ({KEY: {"value": "7"}}, True, 7),
        ({KEY: {"VALUE": 0}}, True, 0),
        ({KEY: {"value": "x"}}, False, None),
        ({KEY: {"value": None}}, False, None),
    ],
)
def test_values_of_the_registry(registry, known, number):
    assert registered(inventory(registry=registry), KEY, "Value") == (known, number)


@pytest.mark.parametrize(
    ("value", "count"),
    [([], 0), (None, 0), ({"a": 1}, 1), ([{"a": 1}, "System.Object[]"], None), ("x", None)],
)
def test_a_list_with_something_else_in_it_is_not_known(value, count):
    found = objects(inventory({"services": value}), "services")
    assert (None if found is None else len(found)) == count
    inside = members(Row({"list": value}), "List")
    assert (None if inside is None else len(inside)) == count


def test_texts_that_cannot_all_be_read_are_not_known():
    row = Row({"a": ["x", 1], "b": ["x", {}], "c": None})
    assert [texts(row, name) for name in "abcd"] == [("x", "1"), None, (), None]


def test_names_of_objects_and_of_this_server():
    assert named(Row({"b": "x"}), "a", "b") == "x"
    assert named(Row({}), "a") == "(no name)"
    both = [{"Name": "EX02"}, {"Identity": "ex01", "x": 1}]
    row = own_row(inventory({"get-x": both}), "Get-X")
    assert row is not None
    assert row.number("x") == 1
    assert own_row(inventory({"get-x": {"Name": "EX09"}}), "Get-X") is not None
    assert own_row(inventory({"get-x": [{"Name": "EX08"}, {"Name": "EX09"}]}), "Get-X") is None
    assert own_row(inventory(), "Get-X") is None
