"""Verdicts as a table for Excel, LibreOffice and `import-csv`: one row per message.

The form is that of the findings' table (`reports/csv_table.py`); what could not be read has rows of
its own, with `skipped` as verdict, so that no message is missing in silence.
"""

from __future__ import annotations

from collections.abc import Iterator

from exward.model.message import MailResult, MessageVerdict
from exward.reports.csv_table import BYTE_ORDER_MARK, row
from exward.reports.times import iso

NAME = "csv"
TITLE = "One row per message, for spreadsheets"
COLUMNS = (
    "path", "verdict", "score", "classes", "time", "sender", "recipients", "subject", "message_id",
    "reasons",
)  # fmt: skip
"""`reasons` have the check, its weight and what it says, the heaviest first."""


def render(result: MailResult) -> Iterator[str]:
    """Yield the header, a row per message, and one for each piece that could not be read."""
    yield BYTE_ORDER_MARK + row(COLUMNS)
    for message in result.messages:
        yield row(_cells(message))
    for piece in result.skipped:
        empty = ("",) * (len(COLUMNS) - 3)
        yield row((piece.source, "skipped", *empty, piece.reason))


def _cells(message: MessageVerdict) -> tuple[str, ...]:
    reasons = (f"{one.check} {one.weight:+.1f}: {one.why}" for one in message.reasons)
    return (
        message.path, message.verdict, f"{message.score:.1f}", " ".join(message.classes),
        iso(message.time) or "", message.sender, " ".join(message.recipients), message.subject,
        message.message_id, " | ".join(reasons),
    )  # fmt: skip
