"""Nested values as flat fields."""

from __future__ import annotations

import pytest

from exward.formats.nested_values import MAX_DEPTH, add


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        (1, {"a": 1}),
        ({"b": {"c": 1}, "d": 2}, {"a.b.c": 1, "a.d": 2}),
        ([1, 2], {"a": [1, 2]}),
        ([{"b": 1}, {"b": 2}, {"c": 3}], {"a.b": [1, 2], "a.c": 3}),
        ([], {"a": None}),
        ([None, 1], {"a": 1}),
    ],
)
def test_values(value, fields):
    found: dict[str, object] = {}
    add(found, "a", value)
    assert found == fields


def test_an_empty_list_that_others_share_stays_empty():
    shared: list[object] = []
    found: dict[str, object] = {"a": shared}
    add(found, "a", [1, 2])
    assert found == {"a": [1, 2]}
    assert shared == []


def test_without_a_name():
    found: dict[str, object] = {}
    add(found, "", {"a": {"b": 1}})
    assert found == {"a.b": 1}


def test_depth():
    value: object = 1
    for _ in range(MAX_DEPTH + 9):
        value = {"a": value}
    found: dict[str, object] = {}
    add(found, "", value)
    assert list(found.values()) == ["(nested too deeply to show)"]
