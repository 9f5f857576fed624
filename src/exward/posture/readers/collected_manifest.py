"""The manifest of a collection (docs/collector.md): whose it is, and what should be in it."""

from __future__ import annotations

from collections.abc import Iterator

from exward.formats import text_encoding
from exward.model.errors import EvidenceError
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.posture.readers.interface import Told
from exward.posture.readers.whole import json_of
from exward.posture.row import Row

NAME = "collected-manifest"
TITLE = "Manifest of a collection"
AREA = "manifest"
_NEAR = 400


def recognises(path: str, head: bytes) -> bool:
    """Say whether the schema is named at the beginning."""
    del path
    return b'"exward.collection/' in text_encoding.utf8_head(head)[:_NEAR]


def read(source: Source) -> Iterator[Told | Skipped]:
    """Yield the manifest as an area."""
    document = json_of(source)
    if not isinstance(document, dict):
        raise EvidenceError("is no manifest of a collection")
    head = Row(document)
    yield Told(
        head.text("server") or "",
        source.path,
        AREA,
        document,
        collected=head.moment("finished"),
    )
