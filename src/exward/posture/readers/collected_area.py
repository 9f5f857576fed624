"""One area of a collected inventory (docs/collector.md)."""

from __future__ import annotations

from collections.abc import Iterator

from exward.formats import collected
from exward.formats.whole_file import json_value
from exward.model.posture import Precision
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.posture import plain
from exward.posture.data import Data, Kept
from exward.posture.readers import objects
from exward.posture.readers.interface import Told

NAME = "collected-area"
TITLE = "Area of a collected inventory"
_KEPT: Kept[Data] = Kept(16 * 1024 * 1024)
"""Bytes of JSON, which takes some ten times as much when it is read."""


def recognises(path: str, head: bytes) -> bool:
    """Say whether the schema is named at the beginning."""
    del path
    return collected.is_area(head)


def read(source: Source) -> Iterator[Told | Skipped]:
    """Yield the area, and the builds that it tells."""
    area = collected.read_area(source, _data)
    moment = plain.moment(area.collected)
    yield Told(area.server, source.path, area.name, area.data, collected=moment)
    if area.name.lower() == "files":
        yield from _setup_file(area.server, area.data, source.path)
    elif area.name.lower() == "get-exchangeserver":
        told = objects.told([area.data.value], area.name, source.path)
        yield from (one for one in told if one.build)
    for missing in area.errors:
        yield Skipped(source.path, None, f"the collector could not read: {missing}")


def _data(text: bytes) -> Data:
    return _KEPT.made(text, _sized)


def _sized(text: bytes) -> tuple[Data, int]:
    return Data(json_value(text)), len(text)


def _setup_file(server: str, data: Data, source: str) -> Iterator[Told]:
    for row in data.rows:
        path = (row.text("Path") or "").lower()
        if path.endswith("\\bin\\exsetup.exe"):
            version = row.raw("FileVersion")
            said = objects.reading(version, Precision.EXACT, "version of ExSetup.exe", source)
            if said is not None:
                yield Told(server, source, build=said)
