"""One JSON object a line: every message, then what could not be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from exward.model.message import SCHEMA, MailResult, MessageVerdict
from exward.model.skipped import Skipped
from exward.reports.json_text import dumps

NAME = "jsonl"
TITLE = "One JSON object per message, with all reasons"


def render(result: MailResult) -> Iterator[str]:
    """Yield the lines, line feed included."""
    for kind, values in (("message", result.messages), ("skipped", result.skipped)):
        for value in values:
            yield line(kind, value)


def line(kind: str, value: MessageVerdict | Skipped) -> str:
    """One object of a kind (`message`, `skipped`), line feed included."""
    return f"{dumps({'type': kind, 'schema': SCHEMA, **asdict(value)})}\n"
