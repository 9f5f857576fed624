"""Rows of CSV exports."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.formats import csv_rows


def read(text: str) -> list[tuple[int, list[str] | None]]:
    header = csv_rows.header_of(text.encode())
    assert header is not None
    found = csv_rows.rows([text.encode()], *header)
    return [
        (one.number, None if one.values is None else list(one.values.values())) for one in found
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a,b", []),
        ("a,b\n1,2\r\n\n3,4", [(2, ["1", "2"]), (4, ["3", "4"])]),
        ("#TYPE X\na;b\n1;2,3", [(3, ["1", "2,3"])]),
        ('a,b\n"x ""y""","1\n2"\n3,4', [(2, ['x "y"', "1\n2"]), (4, ["3", "4"])]),
        ('a,b\n"lone,1\n2,3', [(2, None), (3, ["2", "3"])]),
        ('a,b\n"lone,1\n"2",3\n4,5"', [(2, None), (3, ["2", "3"]), (4, ["4", '5"'])]),
        ("a,b\n1\n1,2,3\na,b\n4,5", [(2, None), (3, None), (5, ["4", "5"])]),
        (
            "a,b\n#Software: x,y\n#Fields: b,c,d\n1,2,3\nb,c,d\n4,5",
            [(4, ["1", "2", "3"]), (6, None)],
        ),
        ('a,b\nx"y,1', [(2, ['x"y', "1"])]),
    ],
)
def test_rows(text, wanted):
    assert read(text) == wanted


@pytest.mark.parametrize("head", ["", "one", "#TYPE X", '"a', "\0"])
def test_no_header(head):
    assert csv_rows.header_of(head.encode()) is None


def test_a_quote_does_not_swallow_the_file():
    text = 'a,b\n"x,1\n' + "2,3\n" * 5000
    assert len(read(text)) == 5001


CELL = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), max_size=4)


@given(st.lists(st.tuples(CELL, CELL | st.just("x\ny"), CELL), max_size=6))
def test_reads_what_python_writes(table):
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(
        [("k1", "k2", "k3"), *table]
    )
    assert [values for _, values in read(text.getvalue())] == [list(row) for row in table]


@given(st.text('a,"\n\r;', max_size=40))
def test_never_raises_and_accounts_for_all(text):
    found = read("a,b\n" + text)
    covered = {number for number, _ in found}
    for number, line in enumerate(text.split("\n"), 2):
        lone = '"' not in text and line.rstrip("\r") not in {"", "a,b"}
        assert not lone or number in covered
