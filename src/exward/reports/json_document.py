"""The result as one JSON document, for programs that want a single value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exward.model.result import SCHEMA
from exward.reports.contract import to_object
from exward.reports.json_text import dumps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exward.model.result import ScanResult

NAME = "json"
TITLE = "Complete result as one JSON document"
EXTENSION = "json"

_LISTS = (
    "verdicts",
    "incidents",
    "findings",
    "outcomes",
    "postures",
    "accounts",
    "coverage",
    "rules",
    "web_files",
    "stages",
    "skipped",
    "acceptances",
)


def render(result: ScanResult) -> Iterator[str]:
    """Yield the document object by object, each on a line of its own."""
    yield f'{{"schema":{SCHEMA},\n"run":{dumps(to_object(result.run))}'
    for name in _LISTS:
        yield f',\n"{name}":['
        separator = "\n"
        for value in getattr(result, name):
            yield f"{separator}{dumps(to_object(value))}"
            separator = ",\n"
        yield "]"
    yield "}\n"
