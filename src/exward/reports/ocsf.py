"""Findings as OCSF events of the class Detection Finding, one JSON object per line.

Attributes, types and required fields: https://schema.ocsf.io/1.6.0/classes/detection_finding
(no profile is applied). `time` is when the finding was made, that is when the scan ended;
`start_time` and `end_time` are the times of the evidence. All are milliseconds since 1970 UTC.
What OCSF has no place for stands under `unmapped`, so that nothing of a finding is lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exward.model.finding import Confidence
from exward.model.severity import Severity
from exward.reports import ocsf_outcomes
from exward.reports.json_text import dumps, filled
from exward.reports.standard_values import ip_text, severity_number, technique_parts
from exward.reports.times import iso

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exward.model.finding import Evidence, Finding
    from exward.model.result import Run, ScanResult

NAME = "ocsf"
TITLE = "Findings and checks as OCSF 1.6 events, one per line"
EXTENSION = "jsonl"

_CONFIDENCE = {Confidence.LOW: 1, Confidence.MEDIUM: 2, Confidence.HIGH: 3}
_HOSTNAME, _IP_ADDRESS, _USER_NAME, _RULE, _SERVER, _AFFECTED = 1, 2, 4, 1, 1, 3
"""`observable.type_id` (three), `analytic.type_id`, `device.type_id`, `resource.role_id`."""


def render(result: ScanResult) -> Iterator[str]:
    """Yield one event per finding, then those of the checks."""
    for finding in result.findings:
        yield f"{dumps(_event(finding, result.run))}\n"
    for event in ocsf_outcomes.events(result.outcomes, result.run):
        yield f"{dumps(event)}\n"


def _event(finding: Finding, run: Run) -> dict[str, object]:
    return {
        "activity_id": 1,
        "activity_name": "Create",
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": 2004,
        "class_name": "Detection Finding",
        "type_uid": 200401,
        "type_name": "Detection Finding: Create",
        "time": run.finished // 1000,
        "severity_id": severity_number(finding.severity),
        "severity": finding.severity.capitalize(),
        "confidence_id": _CONFIDENCE[finding.confidence],
        "confidence": finding.confidence.capitalize(),
        "status_id": 1,
        "status": "New",
        "is_alert": finding.severity.rank >= Severity.MEDIUM.rank,
        "message": f"{finding.title}: {finding.why}" if finding.why else finding.title,
        "metadata": {
            "version": ocsf_outcomes.OCSF_VERSION,
            "uid": finding.id,
            "product": {"name": "exward", "vendor_name": "exward", "version": run.version},
        },
        "finding_info": _finding_info(finding, run),
        "unmapped": _unmapped(finding),
        **filled({
            "count": finding.count,
            "start_time": _ms(finding.first),
            "end_time": _ms(finding.last),
            "device": _device(finding),
            "resources": _resources(finding),
            "evidences": [_evidence(finding, place) for place in finding.evidence],
            "observables": _observables(finding),
            "remediation": {"desc": finding.advice} if finding.advice else None,
        }),
    }  # fmt: skip


def _ms(time: int | None) -> int | None:
    return None if time is None else time // 1000


def _finding_info(finding: Finding, run: Run) -> dict[str, object]:
    return filled({
        "uid": finding.id,
        "title": finding.title,
        "desc": finding.why,
        "types": [finding.stage.title],
        "analytic": {"type_id": _RULE, "type": "Rule", "uid": finding.rule, "name": finding.title},
        "attacks": [_attack(*parts) for parts in map(technique_parts, finding.techniques) if parts],
        "data_sources": sorted({place.file for place in finding.evidence}),
        "related_events_count": finding.count,
        "created_time": run.finished // 1000,
        "first_seen_time": _ms(finding.first),
        "last_seen_time": _ms(finding.last),
    })  # fmt: skip


def _attack(technique: str, sub_technique: str | None) -> dict[str, object]:
    if sub_technique is None:
        return {"technique": {"uid": technique}}
    return {"technique": {"uid": technique}, "sub_technique": {"uid": sub_technique}}


def _device(finding: Finding) -> dict[str, object]:
    if not finding.server:
        return {}
    return {"type_id": _SERVER, "type": "Server", "hostname": finding.server}


def _resources(finding: Finding) -> list[dict[str, object]]:
    if not finding.server:
        return []
    return [{"name": finding.server, "type": "server", "role_id": _AFFECTED, "role": "Affected"}]


def _evidence(finding: Finding, place: Evidence) -> dict[str, object]:
    address = ip_text(finding.source_ip)
    data = {
        "file": place.file,
        "position": place.position,
        "time": iso(place.time),
        "fields": dict(place.fields),
    }
    return filled({
        "data": data,
        "src_endpoint": {"ip": address} if address else None,
        "user": {"name": finding.account} if finding.account else None,
    })  # fmt: skip


def _observables(finding: Finding) -> list[dict[str, object]]:
    address = ip_text(finding.source_ip)
    has_place = bool(finding.evidence)
    found = (
        ("device.hostname", _HOSTNAME, "Hostname", finding.server),
        ("evidences[].src_endpoint.ip", _IP_ADDRESS, "IP Address", has_place and address),
        ("evidences[].user.name", _USER_NAME, "User Name", has_place and finding.account),
    )
    return [
        {"name": name, "type_id": number, "type": kind, "value": value}
        for name, number, kind, value in found
        if value
    ]


def _unmapped(finding: Finding) -> dict[str, object]:
    known = [technique for technique in finding.techniques if technique_parts(technique)]
    return filled({
        "detector": finding.detector,
        "stage": finding.stage,
        "grade": finding.grade,
        "account": finding.account,
        "source_ip": finding.source_ip,
        "techniques": [one for one in finding.techniques if one not in known],
        "references": finding.references,
    })  # fmt: skip
