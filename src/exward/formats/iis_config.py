"""Configuration of IIS and ASP.NET: applicationHost.config, web.config and their like.

A snapshot, not a log: no record has a time. One record for each element that has attributes, and
for each `clear`, which takes away what was inherited; attributes under their own names, and besides
- `Section`: the element's path, `system.webServer/globalModules/add`;
- `Location`: the path that the enclosing `location` element names, else "";
- `Within`: what its parents are called, `Default Web Site > /owa`;
- `File`: `applicationHost.config` or `machine.config` by what it holds, else the file's own name;
- `Folder`: where it lies, written as Windows does.
Positions are line numbers. An attribute with one of these names is kept as `Attribute.Section`. Of
keys only the beginning is kept, and nothing of passwords: reports are passed around.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from xml.parsers import expat

import msgspec
import orjson

from exward.formats import record_batch, text_encoding, xml_tokens, xml_tree
from exward.formats.record_batch import Counted, Losses, Record, RecordBatch
from exward.formats.xml_tokens import Kind, Token
from exward.model.records import EventType, Part
from exward.model.skipped import Skipped
from exward.model.source import Source

NAME = "iis-config"
TITLE = "IIS configuration (applicationHost.config, web.config)"
TYPE = EventType("iis.config")
MAX_DEPTH = 64
_STEP_RECORDS = 1024
_LOST = "tags cannot be read"
_SECRET_CHARS = {"validationKey": 32, "decryptionKey": 16, "password": 0}
"""How much of these attributes tells a known key from another, and is no key yet."""
_OWN = frozenset({"Section", "Location", "Within", "File", "Folder"})
_SPECIAL = _OWN | _SECRET_CHARS.keys()
_AROUND = frozenset({"configuration", "location"})

_ROOT = re.compile(rb"(?:\s|<\?[^<>]{0,500}\?>|<!--(?:[^-]|-[^-]){0,20000}-->)*<configuration[\s>]")
_MARKS = (
    (b"system.applicationHost", "applicationHost.config"),
    (b"System.Web.Configuration.MachineKeySection", "machine.config"),
)
"""Sections that are declared or filled in one file only, whatever it is called."""


def recognises(head: bytes) -> bool:
    """Say whether the first element is `configuration`."""
    return _ROOT.match(text_encoding.utf8_head(head)) is not None


def parts(source: Source, workers: int) -> int:
    """Read in one piece: these files are small."""
    del source, workers
    return 1


def read(source: Source, part: Part) -> Iterator[RecordBatch | Skipped]:
    """Yield the elements in file order; see `interface.Format`."""
    del part
    losses = Losses(source.path, _LOST)
    with source.open() as stream:
        blocks = text_encoding.utf8_blocks(stream, source.head)
        records = _records(_Reader(losses).steps(blocks), source)
        yield from record_batch.batches(source.path, records, losses)


class Element(msgspec.Struct, frozen=True):
    """An element as it is written; `fields` makes what is told of it."""

    section: str
    location: str
    within: str
    attributes: Mapping[str, str]
    line: int


def elements(data: bytes) -> Iterator[Element | Skipped]:
    """Yield the same elements of a file that lies nowhere, then what was lost.

    `data` is UTF-8 without byte order mark.
    """
    losses = Losses("", _LOST)
    found = _well_formed(data)
    if found is None:
        found = [element for step, _ in _Reader(losses).steps((data,)) for element in step]
    yield from found
    yield from losses.taken()
    yield from losses.summary()


def fields(element: Element, file: str, folder: str = "") -> dict[str, str]:
    """Everything that is told of an element; of keys the beginning, of passwords nothing."""
    found = {
        "Section": element.section,
        "Location": element.location,
        "Within": element.within,
        "File": file,
        "Folder": folder,
    }
    if _SPECIAL.isdisjoint(element.attributes):
        return found | dict(element.attributes)
    for name, value in element.attributes.items():
        said = _shown(name, value) if name in _SECRET_CHARS else value
        found[f"Attribute.{name}" if name in _OWN else name] = said
    return found


def _well_formed(data: bytes) -> list[Element] | None:
    """The elements by expat, in a fifth of the time; None if anything is wrong with them."""
    found: list[Element] = []
    around = [_OUTSIDE]
    parser = expat.ParserCreate("utf-8")

    def begin(name: str, attributes: dict[str, str]) -> None:
        if len(around) > MAX_DEPTH:
            raise ValueError("elements nested too deeply")
        names = " ".join(attributes)
        if ":" in names or "xmlns" in names:
            attributes = xml_tokens.local(attributes.items())
        local = name.rpartition(":")[2] if ":" in name else name
        around.append(_entered(around[-1], local, attributes, parser.CurrentLineNumber, found))

    def close(_name: str) -> None:
        around.pop()

    parser.StartElementHandler, parser.EndElementHandler = begin, close
    parser.StartDoctypeDeclHandler = xml_tree.refuse_doctype
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError):
        return None
    finally:  # handlers that hold their parser would keep both, and all elements
        parser.StartElementHandler = parser.EndElementHandler = None
    return found


def _records(
    steps: Iterable[tuple[list[Element], int]], source: Source
) -> Iterator[tuple[list[Record], int]]:
    file, folder = file_name(source), _folder(source)
    for found, size_bytes in steps:
        said = ((orjson.dumps(fields(one, file, folder)).decode(), one.line) for one in found)
        yield [Record(text, TYPE, None, line, "") for text, line in said], size_bytes


def file_name(source: Source) -> str:
    """The `File` of its elements."""
    head = text_encoding.utf8_head(source.head)
    for mark, name in _MARKS:
        if mark in head:
            return name
    return re.split(r"[\\/!]", source.path)[-1]


def _folder(source: Source) -> str:
    return "\\".join(re.split(r"[/\\!]", source.path)[:-1])


class _Open(msgspec.Struct, frozen=True):
    """An element that is open, and what it and its parents say of those within."""

    name: str
    section: str
    location: str
    within: str


_OUTSIDE = _Open("", "", "", "")


def _entered(
    parent: _Open, name: str, attributes: Mapping[str, str], line: int, found: list[Element]
) -> _Open:
    """Enter an element; one that says something is added to `found`."""
    section = f"{parent.section}/{name}" if parent.section else name
    if attributes or name == "clear":
        found.append(Element(section, parent.location, parent.within, attributes, line))
    if name in _AROUND:
        place = attributes.get("path", "") if name == "location" else parent.location
        return _Open(name, parent.section, place, parent.within)
    called = attributes.get("name", attributes.get("path", "")) if attributes else ""
    within = f"{parent.within} > {called}" if parent.within and called else ""
    return _Open(name, section, parent.location, within or parent.within or called)


class _Reader:
    """Where in the document the reader is."""

    def __init__(self, losses: Losses) -> None:
        self._losses = losses
        self._open: list[_Open] = []

    def steps(self, blocks: Iterable[bytes]) -> Iterator[tuple[list[Element], int]]:
        """Yield elements, some at a time, with the number of bytes they stand for."""
        found: list[Element] = []
        counted = Counted()
        line = 1
        for token in xml_tokens.tokens(counted.blocks(blocks)):
            line = token.line
            if token.kind is Kind.START:
                self._begin(token, found)
            elif token.kind is Kind.END:
                self._close(token.value, line)
            elif token.kind is Kind.BROKEN:
                self._losses.broken(line, token.value)
            if len(found) == _STEP_RECORDS:
                yield found, counted.taken()
                found = []
        if self._open:
            names = "/".join(one.name for one in self._open)
            self._losses.broken(line, f"the file ends inside {names}")
        yield found, counted.taken()

    def _begin(self, token: Token, found: list[Element]) -> None:
        if len(self._open) >= MAX_DEPTH:
            self._losses.broken(token.line, "elements nested too deeply")
            return
        parent = self._open[-1] if self._open else _OUTSIDE
        inside = _entered(parent, token.value, token.attributes, token.line, found)
        self._open.append(inside)

    def _close(self, name: str, line: int) -> None:
        """Leave the element; those inside that never ended are left, too."""
        if self._open and self._open[-1].name == name:
            self._open.pop()
            return
        if all(one.name != name for one in self._open):
            self._losses.broken(line, "the end of an element that did not begin")
            return
        while self._open.pop().name != name:
            self._losses.broken(line, "an element inside this one does not end")


def _shown(name: str, value: str) -> str:
    most = _SECRET_CHARS[name]
    return value if len(value) <= most else f"{value[:most]}…"
