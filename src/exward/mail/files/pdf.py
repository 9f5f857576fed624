"""PDF: actions and links, read from all of its objects without building the document.

A reader that trusts the file's own tables can be led past objects; here every stream is unpacked
and searched. Names may be written with #xx (ISO 32000-1, 7.3.5).
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

MAX_STREAMS = 2000
MAX_STREAM_BYTES = 2 * 1024 * 1024
MAX_PACKED_BYTES = 1024 * 1024
MAX_TOTAL_BYTES = 24 * 1024 * 1024
MAX_URLS = 200
_ACTIONS = ("JavaScript", "JS", "Launch", "OpenAction", "AA", "EmbeddedFile", "GoToR", "SubmitForm",
            "RichMedia", "XFA", "Encrypt")  # fmt: skip


def _written(name: str) -> bytes:
    """A pattern for a name in which any letter may be written by its number.

    The text is searched as it is: one that is all numbers would cost a hundred times its length to
    be written out.
    """
    return b"".join(
        b"(?:%c|#%x(?i:%x))" % (letter, letter >> 4, letter & 15) for letter in name.encode()
    )


_STREAM = re.compile(rb"stream\r?\n")
_ACTION = re.compile(b"/(?:" + b"|".join(b"(%s)" % _written(one) for one in _ACTIONS) + rb")\b")
_PAGE = re.compile(rb"/%s\s*/%s\b" % (_written("Type"), _written("Page")))
_URI = re.compile(rb"/%s\s*\(((?:[^()\\]|\\.){1,2000})\)" % _written("URI"))


@dataclass(frozen=True, slots=True)
class Pdf:
    """What a PDF does and where it leads."""

    actions: frozenset[str]
    urls: tuple[str, ...]
    is_encrypted: bool
    pages: int


def read_pdf(data: bytes) -> Pdf:
    """Look into a PDF; never raises."""
    texts = [data, *_streams(data)]
    actions: set[str] = set()
    urls: dict[str, None] = {}
    pages = 0
    for text in texts:
        actions.update(_ACTIONS[match.lastindex - 1] for match in _ACTION.finditer(text)
                       if match.lastindex)  # fmt: skip
        pages += sum(1 for _ in _PAGE.finditer(text))
        for match in _URI.finditer(text):
            if len(urls) >= MAX_URLS:
                break
            urls[re.sub(rb"\\(.)", rb"\1", match[1]).decode("utf-8", "replace")] = None
    return Pdf(frozenset(actions), tuple(urls), "Encrypt" in actions, pages)


def _streams(data: bytes) -> list[bytes]:
    """Unpacked streams that may hold objects: images and fonts are left out by their size."""
    found = []
    total = 0
    for number, start in enumerate(_STREAM.finditer(data)):
        if number >= MAX_STREAMS or total > MAX_TOTAL_BYTES:
            break
        header = data[max(0, start.start() - 400) : start.start()].rpartition(b"obj")[2]
        if b"/Image" in header or b"/FontFile" in header or b"Flate" not in header:
            continue
        try:
            text = zlib.decompressobj().decompress(_packed(data, start.end()), MAX_STREAM_BYTES)
        except zlib.error:
            continue
        total += len(text)
        found.append(text)
    return found


def _packed(data: bytes, begin: int) -> bytes:
    """A stream as it is packed: what follows it would be copied for each stream."""
    end = data.find(b"endstream", begin, begin + MAX_PACKED_BYTES)
    return data[begin : end if end >= 0 else begin + MAX_PACKED_BYTES]
