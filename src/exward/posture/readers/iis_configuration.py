"""applicationHost.config and web.config: every element with attributes.

Exchange's own files bind thousands of assemblies to their places: those are left out, unless set-up
left its placeholder in one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from exward.formats import iis_config
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
    kept: list[object] = []
    read_from = {READ_FROM: source.path}
    for element in iis_config.elements(source):
        if isinstance(element, Skipped):
            yield element
        elif len(kept) == MAX_ELEMENTS:
            yield Skipped(source.path, None, f"more than {MAX_ELEMENTS:,} elements")
            break
        elif _says_something(element):
            kept.append(element | read_from)
    yield Told("", source.path, IIS_CONFIG, kept, partial=True)


def _says_something(element: Mapping[str, str]) -> bool:
    if _BINDING not in element["Section"].lower():
        return True
    return any(PLACEHOLDER in value.lower() for value in element.values())
