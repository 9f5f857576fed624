"""One XML element as a small tree, read by expat within bounds.

A document type is refused, so there are no entities but XML's own five and nothing is fetched
(what defusedxml forbids); expat is used directly because it tells lines, and reads an element
without the document around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

MAX_DEPTH = 64
_BUFFER_BYTES = 65_536
_PIECE_BYTES = 1024 * 1024
MAX_ELEMENTS = 200_000
"""In one tree."""

# Characters that XML 1.0 has no place for; some writers let them through.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FORBIDDEN_REFERENCE = re.compile(
    r"&#(?:[0-8]|1[124-9]|2\d|3[01]|x0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]|[fF]{3}[efEF]));"
)


@dataclass(slots=True)
class Element:
    """An element: its name and attributes' names without prefix; `line` is 1-based."""

    name: str
    attributes: dict[str, str]
    line: int
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def child(self, name: str) -> Element | None:
        """The first child of that name."""
        return next((one for one in self.children if one.name == name), None)


def parse(data: bytes) -> Element:
    """Read one element (UTF-8). Raises ValueError if it is none, or beyond the bounds.

    Characters that are forbidden in XML are replaced, bytes that are no UTF-8 are Latin-1.
    """
    try:
        return _parse(data)
    except ValueError:
        cleaned = _cleaned(data)
        if cleaned == data:
            raise
    return _parse(cleaned)


def parts(data: bytes, names: frozenset[str]) -> Iterator[Element]:
    """Yield the outermost elements of these names from a whole document, each as a tree.

    What lies around them is not kept. Raises ValueError where the document is not well-formed, has
    a document type, or a tree is beyond the bounds; what was yielded before stands.
    """
    reader = _Parts(names)
    try:
        for start in range(0, len(data) or 1, _PIECE_BYTES):
            is_last = start + _PIECE_BYTES >= len(data)
            reader.parser.Parse(data[start : start + _PIECE_BYTES], is_last)
            yield from reader.taken()
    except expat.ExpatError as error:
        where = f"line {error.lineno}"
        raise ValueError(f"no readable XML: {expat.ErrorString(error.code)}, {where}") from error


def local(name: str) -> str:
    """A name without its prefix."""
    return name.rpartition(":")[2]


def refuse_doctype(*_: object) -> NoReturn:
    """Handler for document types."""
    raise ValueError("has a document type, which is refused")


def _cleaned(data: bytes) -> bytes:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    text = _FORBIDDEN_REFERENCE.sub("\ufffd", _FORBIDDEN.sub("\ufffd", text))
    return text.encode("utf-8")


def _parse(data: bytes) -> Element:
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.buffer_size = _BUFFER_BYTES
    builder = _Builder(parser)
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    parser.StartDoctypeDeclHandler = refuse_doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ValueError(f"no readable XML: {expat.ErrorString(error.code)}") from error
    return builder.root.children[0]


class _Builder:
    """Builds the tree from expat's calls; of the parser it wants the line."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.root = Element("", {}, 0)
        self._open = [self.root]
        self._texts: list[list[str]] = [[]]
        self._count = 0
        self._parser = parser

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) > MAX_DEPTH or self._count > MAX_ELEMENTS:
            raise ValueError("nested too deeply, or too many elements")
        if attributes and any(":" in key or key == "xmlns" for key in attributes):
            attributes = {local(k): v for k, v in attributes.items() if k[:5] != "xmlns"}
        element = Element(
            local(name) if ":" in name else name, attributes, self._parser.CurrentLineNumber
        )
        self._open[-1].children.append(element)
        self._open.append(element)
        self._texts.append([])

    def end(self, name: str) -> None:
        del name
        self._open.pop().text = "".join(self._texts.pop())

    def characters(self, text: str) -> None:
        self._texts[-1].append(text)


class _Parts:
    """Builds the trees of some elements of a document; `depth` is that in the document."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names
        self._depth = 0
        self._inside: _Builder | None = None
        self._began = 0
        self._done: list[Element] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = refuse_doctype

    def taken(self) -> list[Element]:
        """The trees that are whole since the last call."""
        done, self._done = self._done, []
        return done

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ValueError("nested too deeply, or too many elements")
        if self._inside is None and local(name) in self._names:
            self._inside, self._began = _Builder(self.parser), self._depth
        if self._inside is not None:
            self._inside.start(name, attributes)

    def _end(self, name: str) -> None:
        if self._inside is not None:
            self._inside.end(name)
            if self._depth == self._began:
                self._done += self._inside.root.children
                self._inside = None
        self._depth -= 1

    def _characters(self, text: str) -> None:
        if self._inside is not None:
            self._inside.characters(text)
