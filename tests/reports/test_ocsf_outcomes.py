"""Checks as OCSF events: only attributes that the classes know, of the right type."""

from dataclasses import replace

import orjson
import pytest
from msgspec import structs

from exward.model.outcome import About, Outcome, Status
from exward.model.severity import Severity
from exward.reports.ocsf import render
from tests.reports.hostile_result import hostile_result
from tests.reports.sample_result import clean_case, sample_result

# Written down by hand from https://schema.ocsf.io/1.6.0/classes/vulnerability_finding,
# …/compliance_finding and the pages of their objects, without profiles.
BASE: dict[str, type] = {
    "activity_id": int, "activity_name": str, "category_uid": int, "category_name": str,
    "class_uid": int, "class_name": str, "type_uid": int, "type_name": str, "time": int,
    "severity_id": int, "severity": str, "status_id": int, "status": str, "message": str,
    "metadata": dict, "finding_info": dict, "resources": list, "remediation": dict,
}  # fmt: skip
OWN: dict[int, dict[str, type]] = {2002: {"vulnerabilities": list}, 2003: {"compliance": dict}}
COMPLIANCE = {"control", "desc", "standards", "status_id", "status", "status_details"}
VULNERABILITY = {"cve", "advisory", "title", "desc", "severity", "is_exploit_available",
                 "references", "remediation"}  # fmt: skip
REQUIRED = {"activity_id", "category_uid", "class_uid", "type_uid", "time", "severity_id",
            "metadata", "finding_info"}  # fmt: skip


def events(*outcomes, base=None):
    result = replace(base or clean_case(), findings=(), outcomes=outcomes)
    return [orjson.loads(line) for line in render(result)]


def outcome(status=Status.FAIL, about=About.CONFIGURATION, **more):
    check = "cve-2026-1" if about is About.VULNERABILITY else "smb-1"
    told = ("EX01", "r", "f", ("https://x",), about)
    return Outcome(check, "t", status, Severity.HIGH, *told, **more)


@pytest.mark.parametrize("make", [sample_result, hostile_result])
def test_every_event_follows_the_schema(make):
    made = make()
    flaw = {"about": About.VULNERABILITY, "status": Status.FAIL, "exploited": True}
    vulnerable = [structs.replace(one, **flaw) for one in made.outcomes]
    for event in events(*made.outcomes, *vulnerable):
        known = BASE | OWN[event["class_uid"]]
        assert {name: type(value) for name, value in event.items()}.items() <= known.items()
        assert set(event) >= REQUIRED | OWN[event["class_uid"]].keys()
        assert set(event.get("compliance", {})) <= COMPLIANCE
        for one in event.get("vulnerabilities", ()):
            assert set(one) <= VULNERABILITY
            assert ("cve" in one) != ("advisory" in one)


@pytest.mark.parametrize(
    ("status", "number", "severity"),
    [(Status.PASS, 1, 1), (Status.FAIL, 3, 4), (Status.UNKNOWN, 0, 4)],
)
def test_a_setting_is_a_compliance_finding(status, number, severity):
    (event,) = events(outcome(status))
    assert (event["class_uid"], event["type_uid"]) == (2003, 200301)
    assert (event["compliance"]["status_id"], event["severity_id"]) == (number, severity)


def test_what_does_not_apply_is_no_event():
    assert events(outcome(Status.NOT_APPLICABLE)) == []


@pytest.mark.parametrize(
    ("status", "count"), [(Status.FAIL, 1), (Status.PASS, 0), (Status.UNKNOWN, 0)]
)
def test_only_an_open_vulnerability_is_one(status, count):
    found = events(outcome(status, About.VULNERABILITY, exploited=True))
    assert len(found) == count
    for event in found:
        assert event["vulnerabilities"][0]["cve"] == {"uid": "CVE-2026-1"}
        assert event["vulnerabilities"][0]["is_exploit_available"] is True


def test_one_check_on_one_server_keeps_its_id():
    one, again = events(outcome(), outcome(Status.PASS))
    assert one["finding_info"]["uid"] == again["finding_info"]["uid"]
