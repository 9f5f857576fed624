"""A table that spreadsheets open as it is meant: same columns, no formula, one line a finding."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exward.reports.csv_table import COLUMNS, render
from tests.reports.hostile_result import hostile_result
from tests.reports.sample_result import clean_case, empty_result, sample_result


def _rows(result):
    text = "".join(render(result))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text[1:], newline=""), strict=True))


@pytest.mark.parametrize("make", [empty_result, clean_case, sample_result, hostile_result])
def test_one_physical_line_per_finding_with_the_same_columns(make):
    lines = "".join(render(make())).split("\r\n")
    assert lines.pop() == ""
    assert lines[0] == "\ufeff" + ",".join(COLUMNS)
    assert len(lines) == 1 + len(make().findings)
    assert not any(char in line for line in lines for char in "\r\n\0")
    assert all(set(row) == set(COLUMNS) for row in _rows(make()))


def test_a_row_says_what_the_finding_says():
    row = _rows(clean_case())[2]
    finding = clean_case().findings[2]
    assert row["title"] == finding.title
    assert row["first"] == "2026-01-05T02:14:50.000000Z"
    assert row["count"] == "8"
    assert row["places"] == "5"
    assert row["position"] == "41"
    assert row["techniques"] == "T1190"
    assert json.loads(row["fields"]) == dict(finding.evidence[0].fields)


def test_a_finding_without_evidence_has_empty_cells():
    finding = replace(clean_case().findings[0], evidence=(), first=None)
    row = _rows(replace(clean_case(), findings=(finding,)))[0]
    assert (row["first"], row["file"], row["position"], row["fields"]) == ("", "", "", "")
    assert row["places"] == "0"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_formulas_are_text(start):
    finding = replace(clean_case().findings[0], title=f"{start}1+1")
    cell = _rows(replace(clean_case(), findings=(finding,)))[0]["title"]
    assert cell.startswith("'")
    assert cell.endswith("1+1")


@given(st.text(st.characters()))
def test_no_cell_starts_a_formula(text):
    finding = replace(clean_case().findings[0], account=text)
    cell = _rows(replace(clean_case(), findings=(finding,)))[0]["account"]
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert not set(cell) & set("\0\r\n\x1b\x9b")
