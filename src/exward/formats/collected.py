"""The files of a collection (docs/collector.md): areas of an inventory, and the manifest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from exward.formats import text_encoding
from exward.formats.whole_file import json_of
from exward.model.errors import EvidenceError
from exward.model.source import Source

SCHEMA = "exward.inventory/1"
_AREA, _MANIFEST = b'"exward.inventory/', b'"exward.collection/'
_NEAR = 400
"""The schema stands at the beginning."""
_NAME = re.compile(rb'"area"\s{0,40}:\s{0,40}"([\w-]{1,80})"', re.IGNORECASE)
_MAX_ERRORS = 10_000


class CollectedArea(NamedTuple):
    """One area. `collected` is as it was read; `data` is one object or a list of them.

    `server` is "" where the file does not say; `errors` is what is missing from `data`.
    """

    name: str
    server: str
    collected: object
    data: object
    errors: tuple[str, ...]


def is_area(head: bytes) -> bool:
    """Say whether the schema of an area is named at the beginning."""
    return _AREA in text_encoding.utf8_head(head)[:_NEAR]


def is_manifest(head: bytes) -> bool:
    """Say whether the schema of a manifest is named at the beginning."""
    return _MANIFEST in text_encoding.utf8_head(head)[:_NEAR]


def area_named(head: bytes) -> str:
    """The name of the area that begins so; "" if it is none or its name comes later."""
    found = _NAME.search(text_encoding.utf8_head(head)[:_NEAR]) if is_area(head) else None
    return found[1].decode("ascii") if found is not None else ""


def read_area(source: Source) -> CollectedArea:
    """The whole area; raises EvidenceError if it is none."""
    document = _document(source, "is no object with an area")
    name = _text(document.get("area"))
    if _text(document.get("schema")) != SCHEMA or not name or "data" not in document:
        raise EvidenceError(f"is not of the schema {SCHEMA} with `area` and `data`")
    errors = document.get("errors")
    listed = errors if isinstance(errors, list) else [errors]
    return CollectedArea(
        name,
        _text(document.get("server")),
        document.get("collected"),
        document["data"],
        tuple(text for one in listed[:_MAX_ERRORS] if (text := _text(one))),
    )


def read_manifest(source: Source) -> Mapping[str, object]:
    """The whole manifest, its keys in lower case; raises EvidenceError if it is none."""
    return _document(source, "is no manifest of a collection")


def _document(source: Source, otherwise: str) -> Mapping[str, object]:
    document = json_of(source)
    if not isinstance(document, dict):
        raise EvidenceError(otherwise)
    return {str(name).lower(): value for name, value in document.items()}


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
