"""Cuts JSON files into their objects, with bounded memory and without losing what follows damage.

Two ways: line by line (JSON Lines, also arrays with one object a line), or by the braces outside
strings (pretty-printed, concatenated, one long line). Objects of one file begin alike, with the
same first key; that is how the next one is found behind a broken one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import orjson

MAX_OBJECT_BYTES = 16 * 1024 * 1024
MAX_AGAIN = 8
"""How often a file is searched again behind the beginning of an object that does not end."""
MAX_LINES = 10_000
"""How often what begins a line is taken for the next object though it begins unlike the first."""
_PROBED_LINES = 5
_WRAPPING = b" \t\r\n,[]"
_TOKEN = re.compile(rb'"[^"\\\n]*(?:\\[^\n][^"\\\n]*)*"|[\[\]{}"]')
_BEGINNING = re.compile(rb'\{\s{0,80}"[^"\\\n]{1,80}"\s{0,8}:')
# An escaped backslash, a whole pair, or one half of a pair alone.
_SURROGATE = re.compile(
    r"\\\\|(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)
_MAX_INTEGER_DIGITS = 18
_CLOSES = {b"}": b"{", b"]": b"["}
_MAX_BLANKS = 1024
"""PowerShell 5.1 indents deeply; more blanks than this are taken for none."""


class Piece(NamedTuple):
    """One object's text, or (`data` None) why there is none. `number` counts lines or objects."""

    number: int
    data: bytes | None
    reason: str = ""


def is_by_line(head: bytes) -> bool:
    """Whether one of the first lines is a whole object (`head` is UTF-8)."""
    lines = head.lstrip().split(b"\n", _PROBED_LINES)[:_PROBED_LINES]
    return any(line.strip(_WRAPPING).startswith(b"{") and _is_object(line) for line in lines)


def by_line(lines: Iterable[tuple[int, bytes | None]]) -> Iterator[Piece]:
    """Yield the object of each line; `lines` are (number, line), None for one that is too long."""
    for number, line in lines:
        if line is None:
            yield Piece(number, None, "line longer than 16 MiB")
            continue
        data = line.strip(_WRAPPING)
        if data:
            yield Piece(number, data)


def numbered_lines(blocks: Iterable[bytes], first: int = 1) -> Iterator[tuple[int, bytes | None]]:
    """Yield (number, line without its end); None stands for a line over the limit."""
    number, held, overlong = first, b"", False
    for block in blocks:
        *whole, rest = block.split(b"\n")
        for line in whole:
            yield number, None if overlong else held + line
            number, held, overlong = number + 1, b"", False
        held = b"" if overlong else held + rest
        if len(held) > MAX_OBJECT_BYTES:
            held, overlong = b"", True
    if held or overlong:
        yield number, None if overlong else held


def parse(data: bytes) -> list[object]:
    """Decode one piece; several values with commas between come as several. Raises ValueError."""
    try:
        return [orjson.loads(data)]
    except ValueError:
        pass
    try:
        return list(orjson.loads(b"[%b]" % data))
    except ValueError:
        return [_lenient(data)]


def by_brace(blocks: Iterable[bytes]) -> Iterator[Piece]:
    """Yield top-level objects; array brackets and commas between them do not matter."""
    splitter = _Splitter()
    for block in blocks:
        yield from splitter.feed(block)
    yield from splitter.finish()


def _is_object(line: bytes) -> bool:
    try:
        return all(isinstance(one, dict) for one in parse(line.strip(_WRAPPING)))
    except ValueError:
        return False


def _lenient(data: bytes) -> object:
    """Accept what some writers produce: raw control characters and halves of surrogate pairs."""
    text = _SURROGATE.sub(_whole_or_replacement, data.decode("utf-8", "replace"))
    try:
        return json.loads(text, strict=False, parse_int=_integer)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _whole_or_replacement(found: re.Match[str]) -> str:
    return "\\ufffd" if found[2] else found[0]


def _integer(text: str) -> int | float:
    return int(text) if len(text) <= _MAX_INTEGER_DIGITS else float(text)


class _Splitter:
    """Finds top-level objects in text that arrives in blocks."""

    def __init__(self) -> None:
        self._data = b""
        self._at = 0
        self._start = -1
        self._open = bytearray()
        self._number = 0
        self._lost = False
        self._beginning: bytes | None = None
        self._again = MAX_AGAIN
        self._lines = MAX_LINES

    def feed(self, block: bytes) -> Iterator[Piece]:
        """Take one more block and yield the objects that are whole now."""
        self._forget()
        self._data += block
        yield from self._scan(final=False)
        while self._start >= 0 and len(self._data) - self._start > MAX_OBJECT_BYTES:
            yield self._given_up("object longer than 16 MiB")
            yield from self._scan(final=False)

    def finish(self) -> Iterator[Piece]:
        """Yield what is left at the end of the file."""
        yield from self._scan(final=True)
        while self._start >= 0:
            yield self._given_up("the file ends inside this object")
            yield from self._scan(final=True)

    def _forget(self) -> None:
        """Drop what has been dealt with."""
        done = self._at if self._start < 0 else self._start
        self._data = self._data[done:]
        self._at -= done
        self._start = 0 if self._start >= 0 else -1

    def _scan(self, final: bool) -> Iterator[Piece]:
        while True:
            if self._lost and not self._find_beginning():
                return
            token = _TOKEN.search(self._data, self._at)
            if token is None:
                self._at = len(self._data)
                return
            if token[0] == b'"':
                inside = self._start >= 0
                if inside and not final and self._data.find(b"\n", token.start()) < 0:
                    self._at = token.start()  # the rest of this text may come with the next block
                    return
                self._at = token.end()
                if inside:
                    yield self._broken("a text in this object does not end")
                    line_end = self._data.find(b"\n", self._at)
                    self._at = len(self._data) if line_end < 0 else line_end
                continue
            self._at = token.end()
            if len(token[0]) == 1:
                yield from self._bracket(token)

    def _bracket(self, token: re.Match[bytes]) -> Iterator[Piece]:
        bracket = token[0]
        if bracket in _CLOSES:
            if self._start < 0:
                return
            if self._open[-1:] != _CLOSES[bracket]:
                yield self._broken("brackets in this object do not match")
                return
            self._open.pop()
            if not self._open:
                yield Piece(self._number, self._data[self._start : token.end()])
                self._start = -1
            return
        if self._open[-1:] == bracket == b"{" and not self._is_value(token.start()):
            again = self._again
            yield self._given_up("this object does not end")
            if again:
                return
            self._lost = not self._begins(token.start())
        if self._start < 0:
            if bracket == b"[" or self._lost:
                return
            self._begin(token.start())
        self._open += bracket

    def _is_value(self, offset: int) -> bool:
        """Whether what stands at `offset` follows a colon."""
        before = self._data[max(offset - _MAX_BLANKS, self._start) : offset].rstrip()
        return not before or before.endswith(b":")

    def _begin(self, offset: int) -> None:
        self._start, self._number = offset, self._number + 1
        if self._beginning is None:
            found = _BEGINNING.match(self._data, offset)
            self._beginning = found[0] if found else None

    def _begins(self, offset: int) -> bool:
        return self._beginning is not None and self._data.startswith(self._beginning, offset)

    def _find_beginning(self) -> bool:
        """Go to the next place where an object begins as the first one did."""
        beginning = self._beginning or b"{"
        found = self._data.find(beginning, self._at)
        line = self._data.find(b"\n{", self._at, found if found >= 0 else len(self._data))
        if line >= 0 and self._lines:
            found, self._lines = line + 1, self._lines - 1
        self._lost = found < 0
        self._at = found if found >= 0 else max(self._at, len(self._data) - len(beginning) + 1)
        return found >= 0

    def _given_up(self, reason: str) -> Piece:
        """Leave an object that does not end; what it seemed to hold may be objects of their own."""
        start, piece = self._start, self._broken(reason)
        if self._again:
            self._again -= 1
            self._at = start + 1
        return piece

    def _broken(self, reason: str) -> Piece:
        number = self._number
        self._start, self._lost = -1, True
        self._open.clear()
        return Piece(number, None, reason)
