"""applicationHost.config and web.config: every element with attributes.

Exchange's own files bind thousands of assemblies to their places: those are left out, unless set-up
left its placeholder in one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import lru_cache, partial

from exward.formats import iis_config
from exward.formats.iis_config import Element
from exward.formats.whole_file import utf8_of
from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.posture.data import Kept
from exward.posture.iis import ConfigFile, Content, has_placeholder
from exward.posture.inventory import IIS_CONFIG
from exward.posture.readers.interface import Told

NAME = "iis-configuration"
TITLE = iis_config.TITLE
MAX_ELEMENTS = 200_000
_BINDING = "/assemblybinding/"
_REPEATED_BYTES = 128 * 1024
"""Files up to this size are kept when they have been read."""
_MAX_KEPT = 100_000
"""Elements of all that are kept."""
_Read = tuple[Content, tuple[Skipped, ...]]


def recognises(path: str, head: bytes) -> bool:
    """Say whether the first element is `configuration`."""
    del path
    return iis_config.recognises(head)


def read(source: Source) -> Iterator[Told | Skipped]:
    """Yield the file as a member of one area."""
    file, data = iis_config.file_name(source), utf8_of(source)
    if len(data) <= _REPEATED_BYTES:
        content, lost = _KEPT.made(data, partial(_sized, file), file)
    else:
        content, lost = _read(data, file)
    yield from (dataclasses.replace(one, source=source.path) for one in lost)
    yield Told("", source.path, IIS_CONFIG, [ConfigFile(source.path, content)], partial=True)


_KEPT: Kept[_Read] = Kept(_MAX_KEPT)
"""Of small files, for the next server: what Exchange brings is the same on all."""


def _read(data: bytes, file: str) -> _Read:
    kept: list[Element] = []
    lost: list[Skipped] = []
    for element in iis_config.elements(data):
        if isinstance(element, Skipped):
            lost.append(element)
        elif len(kept) == MAX_ELEMENTS:
            lost.append(Skipped("", None, f"more than {MAX_ELEMENTS:,} elements"))
            break
        elif not _is_binding(element.section) or has_placeholder(element):
            kept.append(element)
    return Content(file, kept), tuple(lost)


def _sized(file: str, data: bytes) -> tuple[_Read, int]:
    found = _read(data, file)
    return found, found[0].size


@lru_cache(maxsize=1_024)
def _is_binding(section: str) -> bool:
    return _BINDING in section.lower()
