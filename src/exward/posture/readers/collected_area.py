"""One area of a collected inventory (docs/collector.md)."""

from __future__ import annotations

from collections.abc import Iterator

from exward.formats import collected
from exward.model.posture import Precision
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.posture import plain
from exward.posture.readers import objects
from exward.posture.readers.interface import Told
from exward.posture.row import rows

NAME = "collected-area"
TITLE = "Area of a collected inventory"


def recognises(path: str, head: bytes) -> bool:
    """Say whether the schema is named at the beginning."""
    del path
    return collected.is_area(head)


def read(source: Source) -> Iterator[Told | Skipped]:
    """Yield the area, and the builds that it tells."""
    area = collected.read_area(source)
    moment = plain.moment(area.collected)
    yield Told(area.server, source.path, area.name, area.data, collected=moment)
    if area.name.lower() == "files":
        yield from _setup_file(area.server, area.data, source.path)
    elif area.name.lower() == "get-exchangeserver":
        yield from (one for one in objects.told([area.data], area.name, source.path) if one.build)
    for missing in area.errors:
        yield Skipped(source.path, None, f"the collector could not read: {missing}")


def _setup_file(server: str, value: object, source: str) -> Iterator[Told]:
    for row in rows(value):
        path = (row.text("Path") or "").lower()
        if path.endswith("\\bin\\exsetup.exe"):
            version = row.raw("FileVersion")
            said = objects.reading(version, Precision.EXACT, "version of ExSetup.exe", source)
            if said is not None:
                yield Told(server, source, build=said)
