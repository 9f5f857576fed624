"""A whole XML document as a stream of tags and texts, bounded, and going on behind damage.

For files that are one document: a parser that stops at the first error would lose the rest. There
are no entities but XML's own five: a document type is a broken token, and what it declares is
never expanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

MAX_TOKEN_BYTES = 16 * 1024 * 1024
MAX_TAG_BYTES = 2 * 1024 * 1024

_TAG = re.compile(
    rb"<(/?)([^\s<>/\"'=!?]+)((?:\s+[^\s<>/\"'=]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*)\s*(/?)>"
)
_ATTRIBUTE = re.compile(r"([^\s=\"']+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
# As expat and every other parser has them: https://www.w3.org/TR/xml/#AVNormalize.
_BLANKS = re.compile(r"\r\n|[\r\n\t]")
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#x([0-9A-Fa-f]{1,6})|(amp|lt|gt|quot|apos));")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_NONE: Mapping[str, str] = MappingProxyType({})
_CLOSED = ((b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>"), (b"<!", b">"))


class Kind(Enum):
    """What a token is. An empty element (`<a/>`) is `START` and `END`."""

    START = 1
    END = 2
    TEXT = 3
    BROKEN = 4


class Token(NamedTuple):
    """A tag's name (without prefix), a text, or why neither could be read; `line` is 1-based.

    Only a `START` has attributes.
    """

    kind: Kind
    value: str
    line: int
    attributes: Mapping[str, str] = _NONE


def tokens(blocks: Iterable[bytes]) -> Iterator[Token]:
    """Yield the tokens of a document in UTF-8; bytes that are no UTF-8 are replaced."""
    reader = _Reader()
    for block in blocks:
        yield from reader.feed(block)
    yield from reader.finish()


def unescape(text: str) -> str:
    """Resolve character references and XML's own entities; others stay as written."""
    return _REFERENCE.sub(_character, text) if "&" in text else text


def local(attributes: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Attributes by name without prefix, the first of a name; declarations of prefixes left out."""
    found: dict[str, str] = {}
    for key, value in attributes:
        if not key.startswith("xmlns"):
            found.setdefault(key.rpartition(":")[2], value)
    return found


def _character(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name:
        return _ENTITIES[name]
    number = int(decimal) if decimal else int(hexadecimal, 16)
    is_character = 0 < number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF
    return chr(number) if is_character else "\ufffd"


class _Reader:
    """Finds tokens in text that arrives in blocks."""

    def __init__(self) -> None:
        self._data = b""
        self._at = 0
        self._line = 1

    def feed(self, block: bytes) -> Iterator[Token]:
        """Take one more block and yield the tokens that are whole now."""
        self._data = self._data[self._at :] + block
        self._at = 0
        yield from self._scan(final=False)
        if len(self._data) - self._at > MAX_TOKEN_BYTES:
            yield self._broken("more than 16 MiB without a tag", len(self._data))

    def finish(self) -> Iterator[Token]:
        """Yield what is left at the end of the file."""
        yield from self._scan(final=True)
        if self._at < len(self._data):
            yield self._broken("the file ends inside a tag", len(self._data))

    def _scan(self, final: bool) -> Iterator[Token]:
        while self._at < len(self._data):
            start = self._data.find(b"<", self._at)
            if start != self._at:
                if start < 0 and not final:
                    return
                yield self._text(len(self._data) if start < 0 else start)
                continue
            if self._data[start + 1 : start + 2] in b"!?":
                if not final and len(self._data) - start < 9:
                    return  # not yet told from others
                found = self._marked()
            else:
                found = self._tag()
            if found is None:
                return
            yield from found

    def _tag(self) -> list[Token] | None:
        """Tokens of the tag that begins here; None if its end has not come yet."""
        tag = _TAG.match(self._data, self._at)
        if tag is None:
            follower = self._data.find(b"<", self._at + 1)
            if follower < 0 and len(self._data) - self._at > MAX_TAG_BYTES:
                follower = len(self._data)
            return None if follower < 0 else [self._broken("no readable tag", follower)]
        line, name = self._line, _decoded(tag[2]).rpartition(":")[2]
        self._move(tag.end())
        if tag[1]:
            return [Token(Kind.END, name, line)]
        found = _ATTRIBUTE.findall(_BLANKS.sub(" ", _decoded(tag[3])))
        pairs = ((key, unescape(one or other)) for key, one, other in found)
        attributes = local(pairs)
        start = Token(Kind.START, name, line, attributes)
        return [start, Token(Kind.END, name, line)] if tag[4] else [start]

    def _marked(self) -> list[Token] | None:
        """Comments and instructions give nothing, a document type is broken."""
        for begin, end in _CLOSED:
            if self._data.startswith(begin, self._at):
                stop = self._data.find(end, self._at + len(begin))
                if stop < 0:
                    return None
                if begin == b"<![CDATA[":
                    self._move(self._at + len(begin))
                    text = Token(Kind.TEXT, _decoded(self._data[self._at : stop]), self._line)
                    self._move(stop + len(end))
                    return [text]
                if begin == b"<!":
                    return [self._broken("a document type, which is refused", stop + 1)]
                self._move(stop + len(end))
                return []
        return None

    def _text(self, stop: int) -> Token:
        text = unescape(_decoded(self._data[self._at : stop]))
        token = Token(Kind.TEXT, text, self._line)
        self._move(stop)
        return token

    def _broken(self, reason: str, stop: int) -> Token:
        token = Token(Kind.BROKEN, reason, self._line)
        self._move(stop)
        return token

    def _move(self, to: int) -> None:
        self._line += self._data.count(b"\n", self._at, to)
        self._at = to


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "replace")
