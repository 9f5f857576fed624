"""ECS alerts: known fields, allowed values, nothing that spoils an index."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

import orjson
import pytest

from exward.model.finding import Grade
from exward.model.stage import Stage
from exward.reports.ecs import CATEGORIES, render
from tests.reports.hostile_result import hostile_result
from tests.reports.sample_result import clean_case, empty_result, large_result, sample_result

# The part of ECS 8.11 that these alerts use, written down by hand from
# https://www.elastic.co/guide/en/ecs/8.11/ecs-field-reference.html
FIELDS = {
    "@timestamp", "ecs.version", "message", "event.kind", "event.category", "event.type",
    "event.module", "event.dataset", "event.provider", "event.id", "event.code",
    "event.severity", "event.outcome", "event.reason", "event.start", "event.end",
    "event.created", "rule.id", "rule.name", "rule.ruleset", "rule.reference",
    "threat.framework", "threat.technique.id", "threat.technique.subtechnique.id", "host.name",
    "user.name", "user.domain", "source.ip", "log.file.path", "related.hosts", "related.ip",
    "related.user", "observer.vendor", "observer.product", "observer.version", "labels",
}  # fmt: skip
OWN = {"severity", "confidence", "stage", "grade", "count", "first", "last", "account",
       "source_ip", "techniques", "advice", "references", "evidence"}  # fmt: skip
# https://www.elastic.co/guide/en/ecs/8.11/ecs-allowed-values-event-category.html: each of these
# lists `info` among its expected event types.
CATEGORIES_WITH_INFO = {
    "api", "authentication", "configuration", "database", "email", "file", "host", "iam",
    "intrusion_detection", "malware", "network", "package", "process", "session",
    "vulnerability", "web",
}  # fmt: skip
LISTS = {"event.category", "event.type", "threat.technique.id",
         "threat.technique.subtechnique.id", "related.hosts", "related.ip",
         "related.user"}  # fmt: skip


def _alerts(result):
    return [orjson.loads(line) for line in render(result)]


def _one(**changes):
    finding = replace(clean_case().findings[0], **changes)
    return _alerts(replace(clean_case(), findings=(finding,)))[0]


def _flat(value, place=""):
    for name, item in value.items():
        path = f"{place}.{name}" if place else name
        if isinstance(item, dict) and path not in {"labels", "exward"}:
            yield from _flat(item, path)
        else:
            yield path, item


@pytest.mark.parametrize(
    "make", [clean_case, sample_result, hostile_result, empty_result, large_result]
)
def test_every_alert_follows_the_schema(make):
    alerts = _alerts(make())
    assert len(alerts) == len(make().findings)
    for alert in alerts:
        flat = dict(_flat(alert))
        assert set(flat) <= FIELDS | {"exward"}
        assert {"@timestamp", "ecs.version", "event.kind"} <= set(flat)
        assert flat["event.kind"] == "alert"
        assert set(flat["event.category"]) <= CATEGORIES_WITH_INFO
        assert flat["event.type"] == ["info"]
        assert type(flat["event.severity"]) is int
        assert all(isinstance(item, list) == (name in LISTS) for name, item in flat.items()
                   if name != "exward" and name != "labels")  # fmt: skip


@pytest.mark.parametrize("make", [sample_result, hostile_result])
def test_evidence_invents_no_field(make):
    for alert in _alerts(make()):
        assert set(alert["exward"]) <= OWN
        assert set(alert["labels"]) == {"stage", "grade"}
        for place in alert["exward"].get("evidence", ()):
            assert set(place) <= {"file", "position", "time", "fields"}
            assert isinstance(place.get("fields", ""), str)


@pytest.mark.parametrize("make", [sample_result, hostile_result])
def test_values_that_an_index_would_refuse_are_kept_apart(make):
    for alert in _alerts(make()):
        flat = dict(_flat(alert))
        assert "source.ip" not in flat or ip_address(flat["source.ip"])
        for name in ("@timestamp", "event.start", "event.end", "event.created"):
            assert len(flat.get(name, "1970-01-01T00:00:00.000000Z")) == 27


def test_every_stage_has_a_category():
    assert set(CATEGORIES) == set(Stage)


def test_what_a_finding_becomes():
    alert = _one(account="CORP\\alice", techniques=("T1505.003", "T1505.004", "bad"))
    assert alert["@timestamp"] == alert["event"]["start"] == "2026-01-05T02:14:09.000000Z"
    assert alert["event"]["category"] == ["intrusion_detection", "web"]
    assert alert["event"]["severity"] == 4
    assert alert["user"] == {"domain": "CORP", "name": "alice"}
    assert alert["source"] == {"ip": "203.0.113.77"}
    assert alert["threat"] == {
        "framework": "MITRE ATT&CK",
        "technique": {"id": ["T1505"], "subtechnique": {"id": ["T1505.003", "T1505.004"]}},
    }
    assert alert["exward"]["techniques"] == ["T1505.003", "T1505.004", "bad"]
    assert alert["exward"]["evidence"][0]["position"] == 0


def test_without_a_time_it_is_when_the_finding_was_made():
    alert = _one(first=None, last=None)
    assert alert["@timestamp"] == alert["event"]["created"] == "2026-01-08T02:15:42.000000Z"
    assert "start" not in alert["event"]
    assert _one(first=2**62)["exward"]["first"].startswith("+148108-")


@pytest.mark.parametrize(
    ("grade", "outcome"),
    [(Grade.SUCCESS, "success"), (Grade.ATTEMPT, "unknown"), (Grade.STATE, None)],
)
def test_outcome(grade, outcome):
    assert _one(grade=grade)["event"].get("outcome") == outcome


def test_what_is_not_known_is_left_out():
    alert = _one(server="", account="", source_ip="no address", evidence=(), techniques=())
    assert not {"host", "user", "source", "log", "related", "threat"} & set(alert)
    assert alert["exward"]["source_ip"] == "no address"
