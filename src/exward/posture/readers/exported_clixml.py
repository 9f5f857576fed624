"""What a cmdlet gave, saved with Export-Clixml."""

from __future__ import annotations

from collections.abc import Iterator

from exward.formats import clixml, text_encoding
from exward.formats.whole_file import utf8_of
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.posture.readers import health_checker, objects
from exward.posture.readers.interface import Told

NAME = "exported-clixml"
TITLE = "Result of a cmdlet as CLIXML"
MAX_OBJECTS = 200_000
_ROOT = b"<Objs"


def recognises(path: str, head: bytes) -> bool:
    """Say whether it is CLIXML of a cmdlet of Exchange, or of ExSetup's version."""
    text = text_encoding.utf8_head(head)
    if _ROOT not in text[:600] or health_checker.recognises(path, head):
        return False
    return bool(objects.area_of(path, text)) or objects.tells_version(text)


def read(source: Source) -> Iterator[Told | Skipped]:
    """Yield the objects as the cmdlet's area, and the builds that they tell."""
    data = utf8_of(source)
    values: list[object] = []
    for item in clixml.objects([data]):
        if item.reason:
            yield Skipped(source.path, item.line, item.reason, 1)
        elif len(values) < MAX_OBJECTS:
            values.append(item.value)
        else:
            yield Skipped(source.path, item.line, f"more than {MAX_OBJECTS:,} objects")
            break
    yield from objects.told(values, objects.area_of(source.path, data[:65_536]), source.path)
