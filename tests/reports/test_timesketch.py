"""A timeline line for each place; what has no usable time is there, too, and says so."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest

from exward.model.finding import Evidence
from exward.reports.timesketch import EVENT_TIME, FIRST_TIME, LAST_TIME, SCAN_TIME, render
from tests.reports.hostile_result import as_written, hostile_result
from tests.reports.sample_result import START, clean_case, empty_result, sample_result

FINISHED = "2026-01-08T02:15:42.000000Z"


def _lines(result):
    return [orjson.loads(line) for line in render(result)]


def _one(**changes):
    finding = replace(clean_case().findings[0], **changes)
    return _lines(replace(clean_case(), findings=(finding,)))


@pytest.mark.parametrize("make", [clean_case, sample_result, hostile_result])
def test_every_line_has_what_timesketch_demands(make):
    for line in _lines(make()):
        assert line["message"]
        assert line["timestamp_desc"]
        assert len(line["datetime"]) == len(FINISHED)
        assert isinstance(line.get("fields", ""), str)


def test_nothing_is_nothing():
    assert _lines(empty_result()) == []


@pytest.mark.parametrize("make", [clean_case, sample_result, hostile_result])
def test_no_finding_and_no_place_is_left_out(make):
    lines = _lines(make())
    for finding in as_written(make().findings):
        mine = [line for line in lines if line["finding_id"] == finding.id]
        assert len(mine) >= max(1, len(finding.evidence))
        positions = [line["position"] for line in mine if "position" in line]
        assert positions == [place.position for place in finding.evidence]


def test_a_place_stands_at_its_own_time():
    lines = _one(
        first=START,
        last=START + 9_000_000,
        evidence=(Evidence("a.log", 0, START, {"x": "y"}), Evidence("a.log", 7, START + 1, {})),
    )
    assert [(one["datetime"], one["timestamp_desc"], one.get("position")) for one in lines] == [
        ("2026-01-05T02:14:09.000000Z", EVENT_TIME, 0),
        ("2026-01-05T02:14:09.000001Z", EVENT_TIME, 7),
        ("2026-01-05T02:14:18.000000Z", LAST_TIME, None),
    ]
    assert orjson.loads(lines[0]["fields"]) == {"x": "y"}


@pytest.mark.parametrize("time", [None, 2**62, -(2**62)])
def test_a_place_without_a_usable_time_stands_at_the_end_of_the_scan(time):
    (line,) = _one(evidence=(Evidence("a.log", 3, time, {}),), first=time, last=time)
    assert (line["datetime"], line["timestamp_desc"]) == (FINISHED, SCAN_TIME)
    assert line["source_file"] == "a.log"
    assert ("unusable_time" in line) == (time is not None)


def test_a_finding_without_evidence_stands_at_its_first_time():
    (line,) = _one(evidence=(), first=0, last=0)
    assert (line["datetime"], line["timestamp_desc"]) == ("1970-01-01T00:00:00.000000Z", FIRST_TIME)
    (line,) = _one(evidence=(), first=None, last=None)
    assert (line["datetime"], line["timestamp_desc"]) == (FINISHED, SCAN_TIME)


def test_tags_are_the_stage_and_valid_techniques():
    (line,) = _one(evidence=(), last=None, techniques=("T1190", "nonsense"))
    assert line["tag"] == ["initial-access", "T1190"]
    assert line["attack_technique"] == "T1190, nonsense"
