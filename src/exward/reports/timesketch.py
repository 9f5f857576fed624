"""Findings for a Timesketch timeline: one line for each place that proves a finding.

Timesketch asks each line for `message`, `datetime` and `timestamp_desc`
(https://timesketch.org/guides/user/import-from-json-csv/). Every place stands at its own time.
A place without a usable time is not left out: it stands at the end of the scan, and its
`timestamp_desc` says so. Where more hits were counted than places are kept, a line at the time
of the last one shows how long the activity went on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exward.reports.json_text import dumps, filled
from exward.reports.standard_values import technique_parts
from exward.reports.times import iso, tool_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exward.model.finding import Evidence, Finding
    from exward.model.result import ScanResult

NAME = "timesketch"
TITLE = "Timeline for Timesketch, one line per piece of evidence"
EXTENSION = "jsonl"

EVENT_TIME = "Event Logged"
FIRST_TIME = "First Seen"
LAST_TIME = "Last Seen"
SCAN_TIME = "Scan Finished (evidence has no usable time)"


def render(result: ScanResult) -> Iterator[str]:
    """Yield the lines of all findings; Timesketch sorts them by time."""
    for finding in result.findings:
        for line in _lines(finding, result.run.finished):
            yield f"{dumps(line)}\n"


def _lines(finding: Finding, finished: int) -> Iterator[dict[str, object]]:
    shared = _shared(finding)
    if not finding.evidence:
        yield {**_moment(finding.first, FIRST_TIME, finished), **shared}
    for place in finding.evidence:
        yield {**_moment(place.time, EVENT_TIME, finished), **shared, **_place(place)}
    times = {place.time for place in finding.evidence} or {finding.first}
    if tool_time(finding.last) is not None and finding.last not in times:
        yield {**_moment(finding.last, LAST_TIME, finished), **shared}


def _moment(time: int | None, meaning: str, finished: int) -> dict[str, object]:
    text = tool_time(time)
    if text is None:
        return {"datetime": iso(finished), "timestamp_desc": SCAN_TIME}
    return {"datetime": text, "timestamp_desc": meaning}


def _shared(finding: Finding) -> dict[str, object]:
    where = f"[{finding.server}] " if finding.server else ""
    why = f": {finding.why}" if finding.why else ""
    known = [technique for technique in finding.techniques if technique_parts(technique)]
    return filled({
        "message": f"{finding.severity.upper()} {where}{finding.title}{why}",
        "data_type": "exward:finding",
        "finding_id": finding.id,
        "detector": finding.detector,
        "rule": finding.rule,
        "title": finding.title,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "stage": finding.stage,
        "grade": finding.grade,
        "count": finding.count,
        "computer_name": finding.server,
        "username": finding.account,
        "source_ip": finding.source_ip,
        "attack_technique": ", ".join(finding.techniques),
        "advice": finding.advice,
        "tag": [finding.stage, *known],
    })  # fmt: skip


def _place(place: Evidence) -> dict[str, object]:
    return filled({
        "source_file": place.file,
        "position": place.position,
        # One text: names that evidence invents must not become fields of the index.
        "fields": dumps(dict(place.fields)) if place.fields else None,
        "unusable_time": iso(place.time) if tool_time(place.time) is None else None,
    })  # fmt: skip
