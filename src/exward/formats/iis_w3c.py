"""Web logs in the W3C extended format: IIS, and proxies that write the same shape.

Times in this format are UTC. A site may change its columns in the middle of a file, so every
`#Fields:` line starts a new set. Lines are handled in blocks: a line is cut into its columns only
when somebody asks for it. Source: Microsoft, "W3C Extended Log File Format (IIS)".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.formats.text_encoding import encoding_of, utf8_blocks, utf8_head
from exward.formats.w3c_batch import W3cBatch
from exward.formats.w3c_blocks import Context, LineCutter, context_before
from exward.model.records import EventType, Part
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "iis-w3c"
TITLE = "IIS web log (W3C)"

SPLIT_BYTES = 8 * 1024 * 1024
"""Files up to this size are read in one piece."""
IIS = EventType("iis")
PROXY = EventType("proxy")

_SOFTWARE = re.compile(rb"^#Software: ?([^\r\n]*)", re.MULTILINE)
_FIELDS = re.compile(rb"^#Fields: ?([^\r\n]*)", re.MULTILINE)
HEADLESS_BYTES = 32 * 1024
"""Where a line must end of a log without a header: twice what IIS takes of a query string."""
_WEB_COLUMNS = (b"cs-method", b"cs-uri", b"cs-uri-stem", b"c-ip", b"sc-status")
_REQUEST = re.compile(rb"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+ [A-Z_]{3,20} /\S*( \S+){10}\r?$", re.M)


def recognises(head: bytes) -> bool:
    """Say whether a file that starts so is a web log; HTTPERR logs are another format."""
    text = utf8_head(head)
    # Plain searches first: most files that are asked about hold neither.
    software = _SOFTWARE.search(text) if b"#Software:" in text else None
    if software is not None and b"Microsoft HTTP API" in software[1]:
        return False
    fields = _FIELDS.search(text) if b"#Fields:" in text else None
    if fields is not None:
        columns = fields[1].split()
        if b"s-reason" in columns:
            return False
        return b"time" in columns and any(name in columns for name in _WEB_COLUMNS)
    if software is not None:
        return b"Internet Information Services" in software[1]
    return _REQUEST.search(text, 0, HEADLESS_BYTES) is not None


def parts(source: Source, workers: int) -> int:
    """Large files on disk are cut into one range of bytes for each worker."""
    big = source.size_bytes is not None and source.size_bytes > SPLIT_BYTES
    plain = encoding_of(source.head) == "utf-8" and b"\n" in source.head
    return workers if big and source.seekable and plain else 1


def read(source: Source, part: Part) -> Iterator[W3cBatch | Skipped]:
    """Yield the lines of one share in file order; see `interface.Format`."""
    software = _SOFTWARE.search(utf8_head(source.head))
    foreign = software is not None and b"Internet Information Services" not in software[1]
    event = PROXY if foreign else IIS
    with source.open() as stream:
        if part.count > 1 and source.size_bytes is not None:
            start = source.size_bytes * part.index // part.count
            end = source.size_bytes * (part.index + 1) // part.count
            context = context_before(stream, start)
            yield from LineCutter(source.path, event, context).cut_range(stream, end)
        else:
            blocks = utf8_blocks(stream, source.head)
            yield from LineCutter(source.path, event, Context()).cut(blocks)
