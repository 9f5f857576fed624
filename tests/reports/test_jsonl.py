"""JSON Lines: order, form and completeness (reading back is in `test_load.py`)."""

from __future__ import annotations

import orjson
import pytest

from exward.reports.jsonl import render
from tests.reports.hostile_result import hostile_result
from tests.reports.sample_result import clean_case, empty_result, sample_result

ORDER = ["run", "verdict", "incident", "finding", "outcome", "posture", "account"]
ORDER += ["coverage", "skipped", "acceptance"]


@pytest.mark.parametrize("make", [clean_case, sample_result, hostile_result, empty_result])
def test_one_object_per_line_in_the_order_of_the_contract(make):
    result = make()
    pieces = list(render(result))
    assert all(piece.count("\n") == 1 and piece.endswith("\n") for piece in pieces)
    lines = [orjson.loads(piece) for piece in pieces]
    places = [ORDER.index(line["type"]) for line in lines]
    assert places == sorted(places)
    assert {line["schema"] for line in lines} == {1}
    assert lines[0]["lines"] == len(lines)
    kinds = [line["kind"] for line in lines if line["type"] == "coverage"]
    assert kinds == ["source"] * len(result.coverage) + ["rule"] * len(result.rules) + [
        "web-files"
    ] * len(result.web_files) + ["stage"] * len(result.stages)


def test_a_finding_has_all_of_its_fields():
    finding = clean_case().findings[2]
    line = next(
        orjson.loads(line) for line in render(clean_case()) if f'"id":"{finding.id}"' in line
    )
    assert line.pop("type") == "finding"
    assert line.pop("schema") == 1
    assert list(line)[:4] == ["id", "detector", "rule", "title"]
    assert line["severity"] == "critical"
    assert line["first"] == "2026-01-05T02:14:50.000000Z"
    assert line["techniques"] == ["T1190"]
    assert line["evidence"][0] == {
        "file": "case.zip!C/inetpub/logs/LogFiles/W3SVC1/u_ex260105.log",
        "position": 41,
        "time": "2026-01-05T02:14:50.000000Z",
        "fields": {"Computer": "EX01", "cs-uri-stem": "/aspnet_client/discover.aspx",
                   "sc-status": "200"},
    }  # fmt: skip
