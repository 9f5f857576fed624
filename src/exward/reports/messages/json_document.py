"""All verdicts as one JSON document, for programs that want a single value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from exward.model.message import SCHEMA, MailResult
from exward.reports.json_text import dumps

NAME = "json"
TITLE = "All messages as one JSON document"


def render(result: MailResult) -> Iterator[str]:
    """Yield the document object by object, each on a line of its own."""
    yield f'{{"schema":{SCHEMA},"version":{dumps(result.version)}'
    for name, values in (("messages", result.messages), ("skipped", result.skipped)):
        yield f',\n"{name}":['
        separator = "\n"
        for value in values:
            yield f"{separator}{dumps(asdict(value))}"
            separator = ",\n"
        yield "]"
    yield "}\n"
