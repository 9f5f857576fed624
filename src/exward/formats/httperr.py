"""HTTPERR logs of http.sys: requests that were refused before IIS, and connections that ended.

Space-separated like IIS logs, in UTC; `s-reason` says why. Source: Microsoft, "Error logging in
HTTP APIs".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.formats.text_encoding import utf8_blocks, utf8_head
from exward.formats.w3c_batch import W3cBatch
from exward.formats.w3c_blocks import Context, LineCutter
from exward.model.records import EventType, Part
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "httperr"
TITLE = "HTTPERR log of http.sys"

EVENT = EventType("httperr")
_FIELDS = re.compile(rb"^#Fields: ?([^\r\n]*)", re.MULTILINE)


def recognises(head: bytes) -> bool:
    """Say whether the columns are those of http.sys."""
    text = utf8_head(head)
    fields = _FIELDS.search(text) if b"#Fields:" in text else None
    if fields is not None:
        return b"s-reason" in fields[1].split()
    return text.startswith(b"#Software: Microsoft HTTP API")


def parts(source: Source, workers: int) -> int:
    """Read in one piece: http.sys begins a new file at 1 MB."""
    del source, workers
    return 1


def read(source: Source, part: Part) -> Iterator[W3cBatch | Skipped]:
    """Yield the lines in file order; see `interface.Format`."""
    del part
    with source.open() as stream:
        blocks = utf8_blocks(stream, source.head)
        yield from LineCutter(source.path, EVENT, Context()).cut(blocks)
