"""applicationHost.config and web.config: every element with attributes.

Exchange's own files bind thousands of assemblies to their places: those are left out, unless set-up
left its placeholder in one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from exward.formats import iis_config
from exward.model.records import Part
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.posture.iis import PLACEHOLDER, READ_FROM
from exward.posture.inventory import IIS_CONFIG
from exward.posture.readers.interface import Told

NAME = "iis-configuration"
TITLE = iis_config.TITLE
MAX_ELEMENTS = 200_000
_BINDING = "/assemblybinding/"


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
            every = (batch.fields(index) for index in range(len(batch)))
            elements += [{**one, READ_FROM: source.path} for one in every if _says_something(one)]
        else:
            yield Skipped(source.path, None, f"more than {MAX_ELEMENTS:,} elements")
            break
    yield Told("", source.path, IIS_CONFIG, elements, partial=True)


def _says_something(element: Mapping[str, object]) -> bool:
    if _BINDING not in str(element.get("Section")).lower():
        return True
    return any(PLACEHOLDER in str(value).lower() for value in element.values())
