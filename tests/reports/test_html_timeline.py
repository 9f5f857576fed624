"""A story on a time axis: a lane for each stage, a mark for each finding, pauses between them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exward.reports.html_timeline import MAX_LANES, timeline
from tests.reports.hostile_result import hostile_result
from tests.reports.sample_result import DAY, SECOND, START, clean_case

ONE = clean_case().findings[0]


def _at(offset: int, **changes):
    first = START + offset * SECOND
    return replace(ONE, id=str(offset), first=first, last=first, **changes)


def test_nothing_to_draw_without_two_moments():
    assert timeline([]) is None
    assert timeline([_at(0), replace(_at(0), id="x")]) is None
    assert timeline([replace(ONE, first=None)]) is None


def test_one_lane_for_each_stage_in_the_order_of_the_attack():
    drawing = timeline(clean_case().findings)
    assert drawing is not None
    orders = [lane.stage.order for lane in drawing.lanes]
    assert orders == sorted(orders)
    assert sum(len(lane.marks) for lane in drawing.lanes) == len(clean_case().findings)


def test_lanes_name_the_server_only_if_there_are_several():
    drawing = timeline([_at(0), _at(60)])
    assert drawing is not None
    assert [lane.server for lane in drawing.lanes] == [""]
    drawing = timeline([_at(0), _at(60, server="EX02")])
    assert drawing is not None
    assert [lane.server for lane in drawing.lanes] == [ONE.server, "EX02"]


def test_a_long_pause_is_drawn_and_named():
    drawing = timeline([_at(0), _at(60), _at(7200), _at(7260)])
    assert drawing is not None
    assert len(drawing.pauses) == 1
    assert "1 h 59 min without a finding" in drawing.pauses[0].title


def test_a_finding_that_lasts_is_a_stretch():
    lasting = replace(_at(0), last=START + DAY)
    drawing = timeline([lasting, _at(60)])
    assert drawing is not None
    assert drawing.lanes[0].marks[0].width > 90


@pytest.mark.parametrize("servers", [1, 500])
def test_hostile_times_and_many_servers_stay_in_bounds(servers: int):
    findings = [
        replace(finding, server=f"s{number % servers}")
        for number, finding in enumerate([*hostile_result().findings, _at(0), _at(90)] * servers)
    ]
    drawing = timeline(findings)
    assert drawing is not None
    assert len(drawing.lanes) <= MAX_LANES
    assert all(0 <= mark.x <= 100 for lane in drawing.lanes for mark in lane.marks)
