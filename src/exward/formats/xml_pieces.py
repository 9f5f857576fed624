"""Cuts XML files into the elements of one name, with bounded memory and past any damage.

The elements may stand in a root or not, one to a line or glued together. XML allows no bare `<` in
texts and attributes, so that a tag can be found without reading what stands before it; where an
element begins before the last one ended, the last one is broken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

MAX_ELEMENT_BYTES = 16 * 1024 * 1024
MAX_TAG_BYTES = 2 * 1024 * 1024
_TAIL = 2_048
"""How far back a tag may begin that is cut by the end of a block."""
_STRAY = "text that is no whole element"
_TAG = re.compile(rb"<[^<>\"']*(?:(?:\"[^\"<]*\"|'[^'<]*')[^<>\"']*)*>")
_AROUND = re.compile(rb"<[?/]?(?:xml|Events|SearchResults)\b[^<>]{0,2000}>|\s+")


class Piece(NamedTuple):
    """One element's text, or (`data` None) why there is none.

    `number` counts elements from 1, `offset` is where it begins, in bytes of the UTF-8 text.
    """

    number: int
    offset: int
    data: bytes | None
    reason: str = ""


def elements(
    blocks: Iterable[bytes], name: str, offset: int = 0, until: int | None = None
) -> Iterator[Piece]:
    """Yield the elements that begin before byte `until`; `offset` is where the blocks begin.

    What stands before the first element is not judged if the blocks begin inside the file.
    """
    cutter = _Cutter(name, offset)
    for block in blocks:
        for piece in cutter.feed(block):
            if _is_beyond(piece, until):
                return
            yield piece
    yield from (piece for piece in cutter.finish() if not _is_beyond(piece, until))


def _is_beyond(piece: Piece, until: int | None) -> bool:
    """Whether another share has this piece; strays are judged by the share before alone."""
    return until is not None and piece.offset >= until and piece.reason != _STRAY


class _Cutter:
    """Finds elements in text that arrives in blocks."""

    def __init__(self, name: str, offset: int) -> None:
        tag = re.escape(name.encode())
        self._begin = re.compile(rb"<%b(?=[\s/>])" % tag)
        # One search for both: each for itself might look through the whole buffer every time.
        self._next = re.compile(rb"<%b(?=[\s/>])|</%b\s{0,99}>" % (tag, tag))
        self._data = b""
        self._base = offset
        self._at = 0
        """Up to here all is dealt with, unless an element is open."""
        self._start = -1
        self._number = 0
        self._judges = offset == 0
        self._stray_since = -1

    def feed(self, block: bytes) -> Iterator[Piece]:
        """Take one more block and yield the elements that are whole now."""
        done = self._at if self._start < 0 else self._start
        self._base += done
        self._data = self._data[done:] + block
        self._at, self._start = 0, 0 if self._start >= 0 else -1
        yield from self._scan(final=False)

    def finish(self) -> Iterator[Piece]:
        """Yield what is left at the end of the file."""
        yield from self._scan(final=True)

    def _scan(self, final: bool) -> Iterator[Piece]:
        while True:
            if self._start < 0:
                found = self._begin.search(self._data, self._at)
                self._judge(self._kept_from(final) if found is None else found.start())
                if (found is not None or final) and self._stray_since >= 0:
                    yield Piece(self._number + 1, self._stray_since, None, _STRAY)
                    self._stray_since = -1
                if found is None:
                    return
                self._judges = True
                self._start, self._number = found.start(), self._number + 1
            end, reason = self._closed(final)
            if end is None:
                return
            data = self._data[self._start : end] if not reason else None
            yield Piece(self._number, self._base + self._start, data, reason)
            self._at, self._start = end, -1

    def _kept_from(self, final: bool) -> int:
        """Where a tag may begin that the next block completes."""
        size = len(self._data)
        last = -1 if final else self._data.rfind(b"<", max(self._at, size - _TAIL))
        return size if last < 0 else last

    def _judge(self, to: int) -> None:
        """Look at what stands between elements up to `to`."""
        between = self._data[self._at : to]
        if self._judges and self._stray_since < 0 and _AROUND.sub(b"", between):
            self._stray_since = self._base + self._at
        self._at = to

    def _closed(self, final: bool) -> tuple[int | None, str]:
        """Where the open element ends, and why it cannot be used; None: not yet known."""
        data, start = self._data, self._start
        tag = _TAG.match(data, start)
        if tag is not None and data[tag.end() - 2 : tag.end() - 1] == b"/":
            return tag.end(), ""
        following = self._next.search(data, start + 1 if tag is None else tag.end())
        if following is not None and following[0].startswith(b"</"):
            return following.end(), ""
        if following is not None:
            return following.start(), "this element does not end"
        if tag is None and len(data) - start > MAX_TAG_BYTES:
            self._judges = False
            return len(data), "tag longer than 2 MiB"
        if len(data) - start > MAX_ELEMENT_BYTES:
            self._judges = False  # of what is left of it
            return len(data), "element longer than 16 MiB"
        return (len(data), "the file ends inside this element") if final else (None, "")
