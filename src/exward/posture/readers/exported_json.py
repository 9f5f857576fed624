"""What a cmdlet gave, saved with ConvertTo-Json."""

from __future__ import annotations

from collections.abc import Iterator

from exward.formats import text_encoding
from exward.formats.whole_file import json_of, name_of
from exward.model.errors import EvidenceError
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.posture import plain
from exward.posture.readers import objects
from exward.posture.readers.interface import Told

NAME = "exported-json"
TITLE = "Result of a cmdlet as JSON"


def recognises(path: str, head: bytes) -> bool:
    """Say whether it is JSON and named for a cmdlet, or holds versions of Exchange."""
    text = text_encoding.utf8_head(head).lstrip()
    if not text.startswith((b"{", b"[")) or not name_of(path).lower().endswith(".json"):
        return False
    return bool(objects.area_of(path, b"")) or objects.tells_version(text)


def read(source: Source) -> Iterator[Told | Skipped]:
    """Yield the objects as the cmdlet's area, and the builds that they tell."""
    values = plain.listed(json_of(source))
    area = objects.area_of(source.path, b"")
    if not any(isinstance(value, dict) for value in values) and values:
        raise EvidenceError("holds no objects", "save them with ConvertTo-Json -Depth 8")
    yield from objects.told(values, area, source.path)
