"""applicationHost.config and web.config: every element with attributes."""

from __future__ import annotations

from collections.abc import Iterator

from exward.formats import iis_config
from exward.model.records import Part
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.posture.iis import READ_FROM
from exward.posture.inventory import IIS_CONFIG
from exward.posture.readers.interface import Told

NAME = "iis-configuration"
TITLE = iis_config.TITLE
MAX_ELEMENTS = 200_000


def recognises(path: str, head: bytes) -> bool:
    """Say whether the first element is `configuration`."""
    del path
    return iis_config.recognises(head)


def read(source: Source) -> Iterator[Told | Skipped]:
    """Yield the elements as one area."""
    elements: list[object] = []
    for batch in iis_config.read(source, Part(0, 1)):
        if isinstance(batch, Skipped):
            yield batch
        elif len(elements) < MAX_ELEMENTS:
            elements += [
                {**batch.fields(index), READ_FROM: source.path} for index in range(len(batch))
            ]
        else:
            yield Skipped(source.path, None, f"more than {MAX_ELEMENTS:,} elements")
            break
    yield Told("", source.path, IIS_CONFIG, elements, partial=True)
