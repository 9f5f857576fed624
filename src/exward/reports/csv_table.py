"""Findings as a table for Excel, LibreOffice and `import-csv`: one row per finding.

RFC 4180 (CRLF, quotes doubled) in UTF-8 with a byte order mark: without it Excel reads the file
in the code page of the machine. A cell that a spreadsheet would take for a formula gets a
leading apostrophe. Characters that do not print, line ends among them, are written as escapes,
so that every finding is one line. The columns are the same for every result.
"""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

from exward.reports.json_text import dumps
from exward.reports.times import iso
from exward.reports.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exward.model.finding import Finding
    from exward.model.result import ScanResult

NAME = "csv"
TITLE = "Findings as a table for spreadsheets"
EXTENSION = "csv"

BYTE_ORDER_MARK = "\ufeff"
COLUMNS = (
    "first", "last", "count", "severity", "confidence", "stage", "grade", "server", "account",
    "source_ip", "title", "why", "advice", "techniques", "rule", "detector", "id", "references",
    "file", "position", "time", "places", "fields", "accepted", "explained",
)  # fmt: skip
"""`file`, `position`, `time` and `fields` (JSON) are of the first of the `places`."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What starts a formula or a command in a spreadsheet, full-width forms included; source:
OWASP, "CSV Injection"."""


def render(result: ScanResult) -> Iterator[str]:
    """Yield the header and one row per finding."""
    yield BYTE_ORDER_MARK + row(COLUMNS)
    for finding in result.findings:
        yield row(_cells(finding))


def _cells(finding: Finding) -> tuple[str, ...]:
    place = finding.evidence[0] if finding.evidence else None
    return (
        iso(finding.first) or "", iso(finding.last) or "", str(finding.count), finding.severity,
        finding.confidence, finding.stage, finding.grade, finding.server, finding.account,
        finding.source_ip, finding.title, finding.why, finding.advice,
        " ".join(finding.techniques), finding.rule, finding.detector, finding.id,
        " ".join(finding.references),
        "" if place is None else place.file,
        "" if place is None else str(place.position),
        "" if place is None else iso(place.time) or "",
        str(len(finding.evidence)),
        "" if place is None else dumps(dict(place.fields)),
        finding.accepted,
        finding.explained,
    )  # fmt: skip


def row(cells: Sequence[str]) -> str:
    """One line of the table, each cell safe for a spreadsheet."""
    out = StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([_safe(cell) for cell in cells])
    return out.getvalue()


def _safe(cell: str) -> str:
    return f"'{visible(cell)}" if cell.startswith(_FORMULA) else visible(cell)
