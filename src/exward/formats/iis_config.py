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
from collections.abc import Iterable, Iterator

import orjson

from exward.formats import record_batch, text_encoding, xml_tokens
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
_SECRET_CHARS = {"validationKey": 32, "decryptionKey": 16, "password": 0}
"""How much of these attributes tells a known key from another, and is no key yet."""
Element = tuple[dict[str, str], int]
"""Its fields, and its line."""
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
    losses = Losses(source.path, "tags cannot be read")
    reader = _Reader(_file_name(source), _folder(source), losses)
    with source.open() as stream:
        blocks = text_encoding.utf8_blocks(stream, source.head)
        yield from record_batch.batches(source.path, _records(reader.steps(blocks)), losses)


def elements(source: Source) -> Iterator[dict[str, str] | Skipped]:
    """Yield the fields of the same elements, for those who want all of them, then what was lost."""
    losses = Losses(source.path, "tags cannot be read")
    reader = _Reader(_file_name(source), _folder(source), losses)
    with source.open() as stream:
        for found, _ in reader.steps(text_encoding.utf8_blocks(stream, source.head)):
            for fields, _ in found:
                yield fields
    yield from losses.taken()
    yield from losses.summary()


def _records(steps: Iterable[tuple[list[Element], int]]) -> Iterator[tuple[list[Record], int]]:
    for found, size_bytes in steps:
        records = [
            Record(orjson.dumps(fields).decode(), TYPE, None, line, "") for fields, line in found
        ]
        yield records, size_bytes


def _file_name(source: Source) -> str:
    head = text_encoding.utf8_head(source.head)
    for mark, name in _MARKS:
        if mark in head:
            return name
    return re.split(r"[\\/!]", source.path)[-1]


def _folder(source: Source) -> str:
    return "\\".join(re.split(r"[/\\!]", source.path)[:-1])


class _Reader:
    """Where in the document the reader is."""

    def __init__(self, file: str, folder: str, losses: Losses) -> None:
        self._file = file
        self._folder = folder
        self._losses = losses
        self._open: list[Token] = []

    def steps(self, blocks: Iterable[bytes]) -> Iterator[tuple[list[Element], int]]:
        """Yield elements, some at a time, with the number of bytes they stand for."""
        found: list[Element] = []
        counted = Counted()
        line = 1
        for token in xml_tokens.tokens(counted.blocks(blocks)):
            found += self._take(token)
            line = token.line
            if len(found) == _STEP_RECORDS:
                yield found, counted.taken()
                found = []
        if self._open:
            names = "/".join(token.value for token in self._open)
            self._losses.broken(line, f"the file ends inside {names}")
        yield found, counted.taken()

    def _take(self, token: Token) -> Iterator[Element]:
        if token.kind is Kind.BROKEN:
            self._losses.broken(token.line, token.value)
        elif token.kind is Kind.END:
            self._close(token)
        elif token.kind is Kind.START and len(self._open) < MAX_DEPTH:
            if token.attributes or token.value == "clear":
                yield self._element(token)
            self._open.append(token)
        elif token.kind is Kind.START:
            self._losses.broken(token.line, "elements nested too deeply")

    def _close(self, end: Token) -> None:
        """Leave the element; those inside that never ended are left, too."""
        names = [token.value for token in self._open]
        if end.value not in names:
            self._losses.broken(end.line, "the end of an element that did not begin")
            return
        while self._open.pop().value != end.value:
            self._losses.broken(end.line, "an element inside this one does not end")

    def _element(self, token: Token) -> Element:
        parents = [one for one in self._open if one.value not in _AROUND]
        locations = [one for one in self._open if one.value == "location"]
        own = {
            "Section": "/".join([*(one.value for one in parents), token.value]),
            "Location": locations[-1].attributes.get("path", "") if locations else "",
            "Within": " > ".join(filter(None, map(_called, parents))),
            "File": self._file,
            "Folder": self._folder,
        }
        fields = own | {
            f"Attribute.{name}" if name in own else name: _shown(name, value)
            for name, value in token.attributes.items()
        }
        return fields, token.line


def _shown(name: str, value: str) -> str:
    most = _SECRET_CHARS.get(name, len(value))
    return value if len(value) <= most else f"{value[:most]}…"


def _called(element: Token) -> str:
    return element.attributes.get("name", element.attributes.get("path", ""))
