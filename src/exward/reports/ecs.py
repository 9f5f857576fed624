"""Findings as alerts in the Elastic Common Schema, one JSON object per line.

Fields and allowed values: https://www.elastic.co/guide/en/ecs/8.11/ecs-field-reference.html.
What ECS has no field for stands under `exward`. The fields of a record are one JSON text there
(`exward.evidence.fields`): as objects, each name that an attacker invents would become a field
of the index, until Elasticsearch takes no more documents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exward.model.finding import Grade
from exward.model.stage import Stage
from exward.reports.json_text import dumps, filled
from exward.reports.standard_values import (
    account_parts,
    ip_text,
    severity_number,
    technique_parts,
)
from exward.reports.times import iso, tool_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exward.model.finding import Evidence, Finding
    from exward.model.result import Run, ScanResult

NAME = "ecs"
TITLE = "Findings as Elastic Common Schema 8.11 alerts, one per line"
EXTENSION = "ndjson"

ECS_VERSION = "8.11.0"
CATEGORIES = {
    Stage.INITIAL_ACCESS: ("intrusion_detection", "web"),
    Stage.WEB_SHELL: ("intrusion_detection", "web"),
    Stage.EXPLORATION: ("intrusion_detection", "process"),
    Stage.ENUMERATION: ("intrusion_detection", "process"),
    Stage.ACCOUNT: ("intrusion_detection", "iam"),
    Stage.DEFENCE_EVASION: ("intrusion_detection", "configuration"),
    Stage.CREDENTIAL_ACCESS: ("intrusion_detection", "process"),
    Stage.LATERAL_MOVEMENT: ("intrusion_detection", "authentication"),
    Stage.COLLECTION_EXFILTRATION: ("intrusion_detection", "email"),
    Stage.PERSISTENCE: ("intrusion_detection", "configuration"),
    Stage.IMPACT: ("intrusion_detection", "host"),
    Stage.EXPOSURE: ("vulnerability", "configuration"),
    Stage.ACCESS_REVIEW: ("iam",),
    Stage.BEHAVIOUR: ("intrusion_detection", "authentication"),
    Stage.MAIL: ("intrusion_detection", "email"),
}
"""`event.category` by stage; `event.type` is `info`, which ECS expects with each of these."""

_OUTCOMES = {Grade.SUCCESS: "success", Grade.ATTEMPT: "unknown"}


def render(result: ScanResult) -> Iterator[str]:
    """Yield one alert per finding."""
    for finding in result.findings:
        yield f"{dumps(_alert(finding, result.run))}\n"


def _alert(finding: Finding, run: Run) -> dict[str, object]:
    created = tool_time(run.finished)
    first = tool_time(finding.first)
    place = finding.evidence[0] if finding.evidence else None
    return filled({
        # ECS demands it; where the evidence has no time, it is when the finding was made.
        "@timestamp": created if first is None else first,
        "ecs": {"version": ECS_VERSION},
        "message": f"{finding.title}: {finding.why}" if finding.why else finding.title,
        "event": _event(finding, created),
        "rule": filled({
            "id": finding.rule,
            "name": finding.title,
            "ruleset": finding.detector,
            "reference": finding.references[0] if finding.references else None,
        }),
        "threat": _threat(finding),
        "host": filled({"name": finding.server}),
        "user": _user(finding),
        "source": filled({"ip": ip_text(finding.source_ip)}),
        "log": {"file": {"path": place.file}} if place is not None else None,
        "related": _related(finding),
        "observer": {"vendor": "exward", "product": "exward", "version": run.version},
        "labels": {"stage": finding.stage, "grade": finding.grade},
        "exward": _own(finding),
    })  # fmt: skip


def _event(finding: Finding, created: str | None) -> dict[str, object]:
    return filled({
        "kind": "alert",
        "category": CATEGORIES[finding.stage],
        "type": ["info"],
        "module": "exward",
        "dataset": "exward.finding",
        "provider": finding.detector,
        "id": finding.id,
        "code": finding.rule,
        "severity": severity_number(finding.severity),
        "outcome": _OUTCOMES.get(finding.grade),
        "reason": finding.why,
        "start": tool_time(finding.first),
        "end": tool_time(finding.last),
        "created": created,
    })  # fmt: skip


def _threat(finding: Finding) -> dict[str, object]:
    parts = [found for found in map(technique_parts, finding.techniques) if found is not None]
    if not parts:
        return {}
    techniques = list(dict.fromkeys(technique for technique, _ in parts))
    subs = list(dict.fromkeys(sub for _, sub in parts if sub is not None))
    technique: dict[str, object] = {"id": techniques}
    if subs:
        technique["subtechnique"] = {"id": subs}
    return {"framework": "MITRE ATT&CK", "technique": technique}


def _user(finding: Finding) -> dict[str, object]:
    domain, name = account_parts(finding.account)
    return filled({"domain": domain, "name": name})


def _related(finding: Finding) -> dict[str, object]:
    address = ip_text(finding.source_ip)
    _, user = account_parts(finding.account)
    return filled({
        "hosts": [finding.server] if finding.server else None,
        "ip": [address] if address else None,
        "user": [user] if user else None,
    })  # fmt: skip


def _own(finding: Finding) -> dict[str, object]:
    return filled({
        "severity": finding.severity,
        "confidence": finding.confidence,
        "stage": finding.stage,
        "grade": finding.grade,
        "count": finding.count,
        "first": iso(finding.first),
        "last": iso(finding.last),
        "account": finding.account,
        "source_ip": finding.source_ip,
        "techniques": finding.techniques,
        "advice": finding.advice,
        "references": finding.references,
        "evidence": [_evidence(place) for place in finding.evidence],
    })  # fmt: skip


def _evidence(place: Evidence) -> dict[str, object]:
    return filled({
        "file": place.file,
        "position": place.position,
        "time": tool_time(place.time),
        "fields": dumps(dict(place.fields)) if place.fields else None,
    })  # fmt: skip
