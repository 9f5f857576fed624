"""JSON that strict readers take and terminals only show."""

from __future__ import annotations

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.reports.json_text import dumps, filled

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("é 漢字", '"é 漢字"'),
        ("\x1b\x9b\u202e", '"\\u001b\\u009b\\u202e"'),
        ("\U000e0001", '"\\udb40\\udc01"'),
        ("\ud800", '"\\\\ud800"'),
        ({"a": [1, None, True]}, '{"a":[1,null,true]}'),
    ],
)
def test_written_as(value, text):
    assert dumps(value) == text


@given(VALUES)
def test_strict_and_lax_readers_get_the_value_back(value):
    text = dumps(value)
    assert text.isprintable()
    assert orjson.loads(text) == json.loads(text) == value


@given(st.text(st.characters()))
def test_lone_surrogates_become_their_escapes(text):
    expected = text.encode("utf-8", "backslashreplace").decode()
    assert orjson.loads(dumps({text: text})) == {expected: expected}


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_no_number_that_json_does_not_have(number):
    with pytest.raises(ValueError, match="JSON compliant"):
        dumps(number)


def test_unknown_is_left_out_and_zero_is_known():
    fields: dict[str, object] = {
        "a": None,
        "b": "",
        "c": [],
        "d": {},
        "e": (),
        "f": 0,
        "g": False,
        "h": "x",
    }
    assert filled(fields) == {"f": 0, "g": False, "h": "x"}
