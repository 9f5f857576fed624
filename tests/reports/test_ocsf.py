"""OCSF events hold only attributes that the class knows, of the right type, and all required."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address
from typing import Any

import orjson
import pytest

from exward.model.severity import Severity
from exward.reports.ocsf import render
from tests.reports.hostile_result import hostile_result
from tests.reports.sample_result import clean_case, empty_result, large_result, sample_result

# The part of OCSF 1.6.0 that these events use, written down by hand from
# https://schema.ocsf.io/1.6.0/classes/detection_finding and the pages of its objects, without
# profiles. A name is an object below, "x[]" a list; `!` marks a required attribute.
SCHEMA: dict[str, dict[str, Any]] = {
    "detection_finding": {
        "activity_id!": int, "activity_name": str, "category_uid!": int, "category_name": str,
        "class_uid!": int, "class_name": str, "type_uid!": int, "type_name": str, "time!": int,
        "severity_id!": int, "severity": str, "confidence_id": int, "confidence": str,
        "status_id": int, "status": str, "is_alert": bool, "message": str, "count": int,
        "start_time": int, "end_time": int, "metadata!": "metadata",
        "finding_info!": "finding_info", "device": "device", "resources": "resource_details[]",
        "evidences": "evidences[]", "observables": "observable[]", "remediation": "remediation",
        "unmapped": dict,
    },
    "metadata": {"version!": str, "product!": "product", "uid": str},
    "product": {"name": str, "vendor_name": str, "version": str, "uid": str},
    "finding_info": {
        "uid!": str, "title": str, "desc": str, "types": "str[]", "analytic": "analytic",
        "attacks": "attack[]", "data_sources": "str[]", "related_events_count": int,
        "created_time": int, "first_seen_time": int, "last_seen_time": int,
    },
    "analytic": {"type_id!": int, "type": str, "uid": str, "name": str},
    "attack": {"technique": "technique", "sub_technique": "technique", "version": str},
    "technique": {"uid": str, "name": str},
    "device": {"type_id!": int, "type": str, "hostname": str, "name": str},
    "resource_details": {"name": str, "type": str, "role": str, "role_id": int},
    "evidences": {"data": dict, "src_endpoint": "network_endpoint", "user": "user"},
    "network_endpoint": {"ip": str},
    "user": {"name": str},
    "observable": {"name": str, "type_id!": int, "type": str, "value": str},
    "remediation": {"desc!": str, "references": "str[]"},
}  # fmt: skip
AT_LEAST_ONE = {
    "product": {"name", "uid"}, "analytic": {"name", "uid"}, "technique": {"name", "uid"},
    "attack": {"tactic", "technique", "sub_technique"}, "device": {"hostname", "name"},
    "resource_details": {"name", "uid"}, "evidences": {"data", "src_endpoint", "user"},
    "network_endpoint": {"ip"}, "user": {"name"},
}  # fmt: skip


def _problems(value, kind, place):
    """Yield what the schema would not allow."""
    if isinstance(kind, type):
        if type(value) is not kind:
            yield f"{place}: {value!r} is no {kind.__name__}"
    elif kind == "str[]" or kind.endswith("[]"):
        for item in value:
            yield from _problems(item, str if kind == "str[]" else kind[:-2], place)
    else:
        known = {name.rstrip("!"): one for name, one in SCHEMA[kind].items()}
        required = {name[:-1] for name in SCHEMA[kind] if name.endswith("!")}
        yield from (f"{place}: {name} is missing" for name in required - set(value))
        if kind in AT_LEAST_ONE and not AT_LEAST_ONE[kind] & set(value):
            yield f"{place}: one of {AT_LEAST_ONE[kind]} is missing"
        for name, item in value.items():
            if name in known:
                yield from _problems(item, known[name], f"{place}.{name}")
            else:
                yield f"{place}: {name} is not known"


def _events(result):
    """The events of the findings; those of checks have a test of their own."""
    return [orjson.loads(line) for line in render(replace(result, outcomes=()))]


@pytest.mark.parametrize(
    "make", [clean_case, sample_result, hostile_result, empty_result, large_result]
)
def test_every_event_follows_the_schema(make):
    events = _events(make())
    assert len(events) == len(make().findings)
    assert [one for event in events for one in _problems(event, "detection_finding", "")] == []


def test_the_check_itself_finds_what_is_wrong():
    event = _events(clean_case())[0]
    del event["time"]
    event["severity_id"] = "4"
    event["evidences"][0] = {"nonsense": 1}
    found = sorted(_problems(event, "detection_finding", "x"))
    assert len(found) == 4


def test_what_a_finding_becomes():
    finding = replace(
        clean_case().findings[2], techniques=("T1190", "T1505.003", "nonsense"), account="CORP\\a"
    )
    (event,) = _events(replace(clean_case(), findings=(finding,)))
    assert (event["class_uid"], event["category_uid"], event["type_uid"]) == (2004, 2, 200401)
    assert (event["severity_id"], event["confidence_id"]) == (5, 3)
    assert event["time"] == event["finding_info"]["created_time"] == 1_767_838_542_000
    assert (event["start_time"], event["end_time"]) == (1_767_579_290_000, 1_767_579_297_000)
    assert event["finding_info"]["attacks"] == [
        {"technique": {"uid": "T1190"}},
        {"technique": {"uid": "T1505"}, "sub_technique": {"uid": "T1505.003"}},
    ]
    assert event["unmapped"]["techniques"] == ["nonsense"]
    assert event["evidences"][0]["src_endpoint"] == {"ip": "203.0.113.77"}
    assert event["evidences"][0]["data"]["position"] == 41
    assert {one["value"] for one in event["observables"]} == {"EX01", "203.0.113.77", "CORP\\a"}


@pytest.mark.parametrize("severity", Severity)
def test_severity_and_alert(severity):
    finding = replace(clean_case().findings[0], severity=severity)
    (event,) = _events(replace(clean_case(), findings=(finding,)))
    assert event["severity_id"] == severity.rank + 1
    assert event["is_alert"] == (severity in {Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL})


def test_what_is_not_known_is_left_out():
    finding = replace(
        clean_case().findings[0], server="", account="", source_ip="no address", first=None,
        last=None, evidence=(), advice="", techniques=(),
    )  # fmt: skip
    (event,) = _events(replace(clean_case(), findings=(finding,)))
    absent = {"device", "resources", "evidences", "observables", "start_time", "end_time",
              "remediation"}  # fmt: skip
    assert not absent & set(event)
    assert "attacks" not in event["finding_info"]
    assert event["unmapped"]["source_ip"] == "no address"


@pytest.mark.parametrize("make", [sample_result, hostile_result])
def test_addresses_are_addresses(make):
    for event in _events(make()):
        for place in event.get("evidences", ()):
            if "src_endpoint" in place:
                assert ip_address(place["src_endpoint"]["ip"])
