"""Parameter texts of cmdlets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.formats.cmdlet_parameters import (
    MAX_CHARS,
    MAX_PARAMETERS,
    add_parameters,
    as_text,
    parse_parameters,
)


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("", {}),
        ("nothing", {}),
        (
            r'-Mailbox "ceo" -FilePath "\\127.0.0.1\c$\x.aspx"',
            {"Mailbox": "ceo", "FilePath": r"\\127.0.0.1\c$\x.aspx"},
        ),
        ('-ResultSize ""1"" -A "b"', {"ResultSize": '"1"', "A": "b"}),
        ('-Name "" -Force "True"', {"Name": "", "Force": "True"}),
        ('-Filter "Name -like ""x -y""" -A "b"', {"Filter": 'Name -like "x -y"', "A": "b"}),
        ('-Filter "a "b" c" -A "b"', {"Filter": 'a "b" c', "A": "b"}),
        ("-Confirm:$false -Id a b -Force", {"Confirm": "$false", "Id": "a b", "Force": ""}),
        ("-Force -Name x", {"Force": "", "Name": "x"}),
        ("-Count -1", {"Count": "-1"}),
        ('-Script "cut short…', {"Script": "cut short…"}),
        ('-A "1" -A "2"', {"A": "1"}),
        ('-A "line\nline" -B "x"', {"A": "line\nline", "B": "x"}),
    ],
)  # fmt: skip
def test_values(text, parameters):
    assert parse_parameters(text) == parameters


def test_bounds():
    assert len(parse_parameters("".join(f' -P{n} "x"' for n in range(9_999)))) == MAX_PARAMETERS
    assert len(parse_parameters('-A "' + "x" * 10**6)["A"]) < MAX_CHARS


@given(
    st.dictionaries(
        st.from_regex(r"[A-Za-z]\w{0,9}", fullmatch=True),
        st.text(st.characters(exclude_characters='"')),
        max_size=5,
    )
)
def test_what_is_written_is_read(parameters):
    assert parse_parameters(as_text(parameters)) == parameters


@given(st.text('-ab" :\n', max_size=60) | st.text())
def test_never_raises(text):
    parse_parameters(text)


def test_fields():
    fields: dict[str, object] = {"Parameter.A": "own"}
    add_parameters(fields, {"A": "x", "B": "y"})
    assert fields == {"Parameter.A": "own", "Parameter.B": "y"}
