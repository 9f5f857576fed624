"""Whole files in memory: inventories are small, and larger ones are refused."""

from __future__ import annotations

import re

import orjson

from exward.formats import text_encoding
from exward.model.errors import EvidenceError
from exward.model.source import Source

MAX_BYTES = 64 * 1024 * 1024


def utf8_of(source: Source) -> bytes:
    """The file as UTF-8 without byte order mark; raises EvidenceError if it is too large."""
    size = 0
    blocks = []
    with source.open() as stream:
        for block in text_encoding.utf8_blocks(stream, source.head):
            size += len(block)
            if size > MAX_BYTES:
                raise EvidenceError("is larger than an inventory can be (64 MiB)")
            blocks.append(block)
    return b"".join(blocks)


def json_of(source: Source) -> object:
    """The file's JSON value; raises EvidenceError if it has none."""
    return json_value(utf8_of(source))


def json_value(data: bytes) -> object:
    """The JSON value of a whole text in UTF-8; raises EvidenceError if it is none."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        line = data.count(b"\n", 0, error.pos) + 1
        raise EvidenceError(f"is no valid JSON: {error.msg}, line {line}") from error


def name_of(path: str) -> str:
    """The file's own name, without folders and archives."""
    return re.split(r"[\\/!]", path)[-1]
