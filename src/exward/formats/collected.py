"""The files of a collection (docs/collector.md): areas of an inventory, and the manifest."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Generic, NamedTuple, TypeVar

import msgspec

from exward.formats import text_encoding
from exward.formats.whole_file import json_of, json_value, utf8_of
from exward.model.errors import EvidenceError
from exward.model.source import Source

SCHEMA = "exward.inventory/1"
_AREA, _MANIFEST = b'"exward.inventory/', b'"exward.collection/'
_NEAR = 400
"""The schema stands at the beginning."""
_NAME = re.compile(rb'"area"\s{0,40}:\s{0,40}"([\w-]{1,80})"', re.IGNORECASE)
_MAX_ERRORS = 10_000


_Data = TypeVar("_Data")


class CollectedArea(NamedTuple, Generic[_Data]):
    """One area. `collected` is as it was read; `data` is one object or a list of them.

    `server` is "" where the file does not say; `errors` is what is missing from `data`.
    """

    name: str
    server: str
    collected: object
    data: _Data
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


def read_area(source: Source, of_data: Callable[[bytes], _Data]) -> CollectedArea[_Data]:
    """The whole area; raises EvidenceError if it is none.

    `of_data` reads the JSON text of the data, `json_value` or with a memory of texts that come
    again; it raises EvidenceError.
    """
    text = utf8_of(source)
    try:
        return _area(text, of_data)
    except EvidenceError:
        json_value(text)  # knows the line, if it is no JSON
        raise
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        json_value(text)
        raise EvidenceError("is no object with an area") from error


def _area(document_text: bytes, of_data: Callable[[bytes], _Data]) -> CollectedArea[_Data]:
    members = msgspec.json.decode(document_text, type=dict[str, msgspec.Raw])
    written = {name.lower(): bytes(value) for name, value in members.items()}
    data = written.pop("data", None)
    document = {name: json_value(value) for name, value in written.items()}
    area = _text(document.get("area"))
    if _text(document.get("schema")) != SCHEMA or not area or data is None:
        raise EvidenceError(f"is not of the schema {SCHEMA} with `area` and `data`")
    errors = document.get("errors")
    listed = errors if isinstance(errors, list) else [errors]
    return CollectedArea(
        area,
        _text(document.get("server")),
        document.get("collected"),
        of_data(data),
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
