"""Checks as OCSF events: open vulnerabilities as Vulnerability Finding, settings as Compliance.

Attributes: https://schema.ocsf.io/1.6.0/classes/vulnerability_finding and …/compliance_finding. A
vulnerability that is closed or unknown is no finding of one; of settings every answer is an event.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from exward.model.outcome import About, Outcome, Status
from exward.reports.json_text import filled
from exward.reports.standard_values import severity_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from exward.model.result import Run

OCSF_VERSION = "1.6.0"
_VULNERABILITY, _COMPLIANCE = 2002, 2003
_CLASSES = {_VULNERABILITY: "Vulnerability Finding", _COMPLIANCE: "Compliance Finding"}
_STATES = {Status.PASS: (1, "Pass"), Status.FAIL: (3, "Fail"), Status.UNKNOWN: (0, "Unknown")}
_AFFECTED = 3
"""`resource.role_id`."""


def events(outcomes: Iterable[Outcome], run: Run) -> Iterator[dict[str, object]]:
    """Yield the events in the order of the outcomes."""
    for outcome in outcomes:
        if outcome.about is About.VULNERABILITY:
            if outcome.status is Status.FAIL:
                own = {"vulnerabilities": [_vulnerability(outcome)]}
                yield _event(_VULNERABILITY, outcome, run) | own
        elif outcome.status in _STATES:
            yield _event(_COMPLIANCE, outcome, run) | {"compliance": _compliance(outcome)}


def _event(uid: int, outcome: Outcome, run: Run) -> dict[str, object]:
    key = "\0".join((outcome.server, outcome.check)).encode("utf-8", "backslashreplace")
    identity = hashlib.sha256(key).hexdigest()[:32]
    name = _CLASSES[uid]
    is_good = outcome.status is Status.PASS
    return {
        "activity_id": 1,
        "activity_name": "Create",
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": uid,
        "class_name": name,
        "type_uid": uid * 100 + 1,
        "type_name": f"{name}: Create",
        "time": run.finished // 1000,
        "severity_id": 1 if is_good else severity_number(outcome.severity),
        "severity": "Informational" if is_good else outcome.severity.capitalize(),
        "status_id": 1,
        "status": "New",
        "message": f"{outcome.title}: {outcome.reason}",
        "metadata": {
            "version": OCSF_VERSION,
            "uid": identity,
            "product": {"name": "exward", "vendor_name": "exward", "version": run.version},
        },
        "finding_info": filled({
            "uid": identity,
            "title": outcome.title,
            "desc": outcome.reason,
            "created_time": run.finished // 1000,
            "data_sources": list(outcome.read_from),
        }),
        **filled({"resources": _resources(outcome), "remediation": _remediation(outcome)}),
    }  # fmt: skip


def _resources(outcome: Outcome) -> list[dict[str, object]]:
    if not outcome.server:
        return []
    return [{"name": outcome.server, "type": "server", "role_id": _AFFECTED, "role": "Affected"}]


def _remediation(outcome: Outcome) -> dict[str, object]:
    if not outcome.fix or outcome.status is Status.PASS:
        return {}
    return filled({"desc": outcome.fix, "references": list(outcome.references)})


def _compliance(outcome: Outcome) -> dict[str, object]:
    number, word = _STATES[outcome.status]
    return filled({
        "control": outcome.check,
        "desc": outcome.why,
        "standards": ["exward: set-up of Exchange servers"],
        "status_id": number,
        "status": word,
        "status_details": [outcome.reason],
    })  # fmt: skip


def _vulnerability(outcome: Outcome) -> dict[str, object]:
    uid = outcome.check.upper()
    kind = "cve" if uid.startswith("CVE-") else "advisory"
    return filled({
        kind: {"uid": uid},
        "title": outcome.title,
        "desc": outcome.why,
        "severity": outcome.severity.capitalize(),
        "is_exploit_available": True if outcome.exploited else None,
        "references": list(outcome.references),
        "remediation": _remediation(outcome),
    })  # fmt: skip
