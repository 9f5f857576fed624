"""Servers against stages: the strongest grade and the count, worst server first."""

from __future__ import annotations

from dataclasses import replace

from exward.model.finding import Grade
from exward.model.severity import Severity
from exward.model.stage import CHAIN, Stage
from exward.reports.html_matrix import matrix
from tests.reports.sample_result import clean_case

CASE = clean_case()


def _cell(rows, server: str, stage: Stage):
    return next(row for row in rows if row.server == server).cells[CHAIN.index(stage)]


def test_one_server_needs_no_matrix():
    assert matrix(CASE.verdicts[:1], CASE.findings) == []


def test_rows_follow_the_verdicts_and_cells_the_chain():
    rows = matrix(CASE.verdicts, CASE.findings)
    assert rows[0].server == "EX01"
    assert [cell.stage for cell in rows[0].cells] == list(CHAIN)
    assert _cell(rows, "EX01", Stage.INITIAL_ACCESS).grade is Grade.SUCCESS
    assert _cell(rows, "EX04", Stage.INITIAL_ACCESS).grade is None


def test_low_and_accepted_findings_do_not_count():
    for changes in ({"severity": Severity.LOW}, {"accepted": "by j.doe"}):
        findings = [replace(finding, **changes) for finding in CASE.findings]
        rows = matrix(CASE.verdicts, findings)
        assert {cell.count for row in rows for cell in row.cells} == {0}
