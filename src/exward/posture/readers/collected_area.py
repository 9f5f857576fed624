"""One area of a collected inventory (docs/collector.md)."""

from __future__ import annotations

from collections.abc import Iterator

from exward.formats import text_encoding
from exward.model.errors import EvidenceError
from exward.model.posture import Precision
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.posture.readers import objects
from exward.posture.readers.interface import Told
from exward.posture.readers.whole import json_of
from exward.posture.row import Row, rows

NAME = "collected-area"
TITLE = "Area of a collected inventory"
SCHEMA = "exward.inventory/1"
_NEAR = 400
"""The schema stands at the beginning."""


def recognises(path: str, head: bytes) -> bool:
    """Say whether the schema is named at the beginning."""
    del path
    return b'"exward.inventory/' in text_encoding.utf8_head(head)[:_NEAR]


def read(source: Source) -> Iterator[Told | Skipped]:
    """Yield the area, and the builds that it tells."""
    document = json_of(source)
    if not isinstance(document, dict):
        raise EvidenceError("is no object with an area")
    head = Row(document)
    area, server = head.text("area"), head.text("server")
    if head.text("schema") != SCHEMA or not area or "data" not in head:
        raise EvidenceError(f"is not of the schema {SCHEMA} with `area` and `data`")
    collected = head.moment("collected")
    value = head.raw("data")
    yield Told(server or "", source.path, area, value, collected=collected)
    if area.lower() == "files":
        yield from _setup_file(server or "", value, source.path)
    elif area.lower() == "get-exchangeserver":
        yield from (one for one in objects.told([value], area, source.path) if one.build)
    for missing in head.texts("errors") or ():
        yield Skipped(source.path, None, f"the collector could not read: {missing}")


def _setup_file(server: str, value: object, source: str) -> Iterator[Told]:
    for row in rows(value):
        path = (row.text("Path") or "").lower()
        if path.endswith("\\bin\\exsetup.exe"):
            version = row.raw("FileVersion")
            said = objects.reading(version, Precision.EXACT, "version of ExSetup.exe", source)
            if said is not None:
                yield Told(server, source, build=said)
