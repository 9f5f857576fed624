"""Objects that PowerShell serialised (`Export-Clixml`), one after the other, as plain values.

Microsoft: [MS-PSRP] 2.2.5, "Serialization". An object with properties becomes a map (adapted and
extended properties together; its `ToString` under that name, if no property has it), a list, stack
or queue a list, a dictionary a map, an enumeration its name; numbers, truth values and texts
themselves. Times, GUIDs, URIs, versions, durations and binary data stay texts as written. A
reference becomes what it refers to (the same value: do not change it), None if that is the object
around it or unknown. All references written out, an object still has `MAX_ELEMENTS` at most.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from exward.formats import xml_tokens
from exward.formats.xml_tokens import Kind, Token
from exward.formats.xml_tree import Element

MAX_DEPTH = 64
MAX_ELEMENTS = 200_000
"""In one object."""
MAX_CHARS = 64 * 1024 * 1024
"""Of text in one object."""
MAX_REFERENCES = 100_000

MAX_OPEN = 1_000
"""Elements that may be open; of those deeper than `MAX_DEPTH` only the end is waited for."""
_TEXT_COST = 64
"""What a text counts besides its characters, however short."""
_MARK = b"#< CLIXML"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LISTS = frozenset({"LST", "IE", "QUE", "STK"})
_MEMBERS = frozenset({"MS", "Props"})
_COMPOSED = _MEMBERS | {"DCT"}
_INTEGERS = frozenset({"By", "SB", "I16", "U16", "I32", "U32", "I64", "U64"})
_FRACTIONS = frozenset({"Sg", "Db", "D"})
_APART = frozenset({"TN", "TNRef", "ToString"})


class Item(NamedTuple):
    """One top-level object, or (`reason`) what could not be read; `line` is where it begins."""

    line: int
    value: object
    reason: str = ""


def objects(blocks: Iterable[bytes]) -> Iterator[Item]:
    """Yield the objects of a document in UTF-8; never raises, memory is that of one object."""
    reader = _Reader()
    for token in xml_tokens.tokens(_unmarked(blocks)):
        yield from reader.take(token)
    yield from reader.finish()


def _unmarked(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Leave out the mark that PowerShell puts before objects on a stream."""
    for number, block in enumerate(blocks):
        yield block if number else block.removeprefix(_MARK)


class _Reader:
    """Gathers one top-level object at a time."""

    def __init__(self) -> None:
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._elements = 0
        self._chars = 0
        self._too_deep = False
        self._converter = _Converter()

    def take(self, token: Token) -> Iterator[Item]:
        """Take one token; yields the object that it completes, or what is wrong."""
        if token.kind is Kind.BROKEN:
            yield Item(token.line, None, token.value)
        elif token.kind is Kind.TEXT:
            if self._texts:
                self._chars += len(token.value) + _TEXT_COST
                if self._chars <= MAX_CHARS:
                    self._texts[-1].append(token.value)
        elif token.value == "Objs":
            yield from self.finish()
        elif token.kind is Kind.START:
            self._start(token)
        else:
            yield from self._close(token)

    def finish(self) -> Iterator[Item]:
        """Say what is left open at the end."""
        if self._open:
            yield Item(self._open[0].line, None, "this object does not end")
            self._reset()

    def _start(self, token: Token) -> None:
        self._elements += 1
        if len(self._open) >= MAX_OPEN:
            self._too_deep = True
            return
        element = Element(token.value, dict(token.attributes), token.line)
        if len(self._open) >= MAX_DEPTH:
            self._too_deep = True
        elif self._open and self._elements <= MAX_ELEMENTS:
            self._open[-1].children.append(element)
        self._open.append(element)
        self._texts.append([])

    def _close(self, end: Token) -> Iterator[Item]:
        if all(element.name != end.value for element in self._open):
            return
        closed = None
        while closed is None or closed.name != end.value:
            closed = self._open.pop()
            closed.text = "".join(self._texts.pop())
        if self._open:
            return
        if self._elements > MAX_ELEMENTS or self._chars > MAX_CHARS:
            yield Item(closed.line, None, "this object has too many elements or too much text")
        else:
            yield Item(closed.line, self._converter.top(closed))
            if self._too_deep or self._converter.cut:
                yield Item(closed.line, None, "some of this object is nested too deeply to read")
        self._reset()

    def _reset(self) -> None:
        self._open, self._texts = [], []
        self._elements = self._chars = 0
        self._too_deep = False


def text_of(written: str) -> str:
    """Undo `_xHHHH_` escapes of UTF-16 units."""
    if "_x" not in written:
        return written
    units = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), written)
    whole = _SURROGATES.sub(
        lambda pair: pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le"), units
    )
    return whole.encode("utf-8", "replace").decode()


class _Converter:
    """Makes values of elements; knows the objects that later ones may refer to."""

    def __init__(self) -> None:
        self._references: dict[str, tuple[object, int]] = {}
        """RefId → value, and of how many elements it is made with all references written out."""
        self._size = 0
        self.cut = False
        """Whether references in the last object were left out because it would grow too large."""

    def top(self, element: Element) -> object:
        """The value of a top-level element."""
        self._size, self.cut = 0, False
        return self._value(element)

    def _value(self, element: Element) -> object:
        self._size += 1
        if element.name == "Obj":
            before = self._size
            made = self._object(element)
            if (number := element.attributes.get("RefId")) is not None:
                if len(self._references) >= MAX_REFERENCES:
                    self._references.clear()
                self._references[number] = made, self._size - before + 1
            return made
        if element.name == "Ref":
            return self._referred(element.attributes.get("RefId", ""))
        try:
            return _CONVERTED.get(element.name, text_of)(element.text)
        except ValueError:
            return element.text

    def _referred(self, number: str) -> object:
        value, size = self._references.get(number, (None, 0))
        if self._size + size > MAX_ELEMENTS:
            self.cut = True
            return None
        self._size += size
        return value

    def _object(self, element: Element) -> object:
        """The content of an `Obj`: a collection, members, or a value with a type."""
        members: dict[str, object] = {}
        listed: list[object] | None = None
        parts = [one for one in element.children if one.name not in _APART]
        for part in parts:
            if part.name in _LISTS:
                listed = [*(listed or []), *map(self._value, part.children)]
            elif part.name == "DCT":
                members.update(self._pairs(part))
            elif part.name in _MEMBERS:
                for one in part.children:
                    members.setdefault(_member_name(one), self._value(one))
        if listed is not None:
            return listed
        shown = element.child("ToString")
        if any(one.name in _COMPOSED for one in parts):
            if shown is not None:
                members.setdefault("ToString", text_of(shown.text))
            return members
        # An enumeration's name is the text shown.
        if shown is not None and (not parts or parts[0].name in _INTEGERS):
            return text_of(shown.text)
        return self._value(parts[0]) if parts else {}

    def _pairs(self, dictionary: Element) -> Iterator[tuple[str, object]]:
        for entry in dictionary.children:
            named = {one.attributes.get("N"): one for one in entry.children}
            key, value = named.get("Key"), named.get("Value")
            if key is not None:
                yield str(self._value(key)), None if value is None else self._value(value)


def _member_name(element: Element) -> str:
    return text_of(element.attributes.get("N", element.name))


def _integer(text: str) -> object:
    return int(text) if len(text) <= 20 else text


def _character(text: str) -> str:
    number = int(text) if len(text) <= 5 else 0xFFFD
    return chr(number) if not 0xD800 <= number <= 0xDFFF else "\ufffd"


_CONVERTED: dict[str, Callable[[str], object]] = {
    **dict.fromkeys(_INTEGERS, _integer),
    **dict.fromkeys(_FRACTIONS, float),
    "B": lambda text: text.strip().lower() == "true",
    "C": _character,
    "Nil": lambda _: None,
}
