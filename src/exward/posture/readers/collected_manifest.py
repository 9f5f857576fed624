"""The manifest of a collection (docs/collector.md): whose it is, and what should be in it."""

from __future__ import annotations

from collections.abc import Iterator

from exward.formats import collected
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.posture.readers.interface import Told
from exward.posture.row import Row

NAME = "collected-manifest"
TITLE = "Manifest of a collection"
AREA = "manifest"


def recognises(path: str, head: bytes) -> bool:
    """Say whether the schema is named at the beginning."""
    del path
    return collected.is_manifest(head)


def read(source: Source) -> Iterator[Told | Skipped]:
    """Yield the manifest as an area."""
    document = collected.read_manifest(source)
    head = Row(document)
    yield Told(
        head.text("server") or "",
        source.path,
        AREA,
        document,
        collected=head.moment("finished"),
    )
