"""Lines of one W3C log with one list of columns, cut and decoded on demand.

A request may be written in several ways, and attackers use them: the parts of the URL come as
logged, URL-decoded once and twice, and stem and query joined (IIS logs the stem decoded, the query
raw; published rules look for stem text in the query field).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from exward.formats.url_readings import (
    EMPTY,
    URL_FIELDS,
    add_url,
    readings,
    text_of,
    with_decoded_lines,
)
from exward.model.records import EventType, Fields, Key

_NO_VALUE = "-"

# Names of the Sigma taxonomy (web server and proxy) for columns of IIS.
ALIASES = {
    "cs(User-Agent)": ("cs-user-agent", "c-useragent"),
    "cs(Referer)": ("cs-referer", "cs-referrer"),
    "cs(Cookie)": ("cs-cookie",),
    "cs(Host)": ("cs-host", "r-dns"),
    "cs-host": ("r-dns",),
    "s-ip": ("dst_ip",),
    "c-ip": ("src_ip",),
    "s-port": ("dst_port",),
}
_URL_COLUMNS = ("cs-uri", "cs-uri-stem", "cs-uri-query")
_BLANKS_AS_PLUS = frozenset({"cs(User-Agent)", "cs(Referer)", "cs(Cookie)"})
_NUMBERS = frozenset(
    {"s-port", "sc-status", "sc-substatus", "sc-win32-status", "sc-bytes", "cs-bytes", "time-taken"}
)


class Place(NamedTuple):
    """Where a block comes from, what its lines are, how many bytes of the file it stands for."""

    source: str
    event: EventType
    size_bytes: int


class W3cBatch:
    """See `LineBatch`; `body` holds the lines with a line feed between them."""

    __slots__ = ("_body", "_columns", "_ends", "_numbers", "size_bytes", "source", "type")

    def __init__(
        self, place: Place, columns: tuple[str, ...], body: bytes, numbers: Sequence[int]
    ) -> None:
        self.source, self.type, self.size_bytes = place
        self._columns = columns
        self._body = body
        self._numbers = numbers
        self._ends: list[int] | None = None

    def __len__(self) -> int:
        return len(self._numbers)

    def position(self, index: int) -> int:
        """1-based line number in the file."""
        return self._numbers[index]

    def haystack(self) -> bytes:
        """The lines as logged, those with a per cent sign followed by what they decode to."""
        return with_decoded_lines(self._body).replace(b"+", b" ")

    def text(self, index: int) -> list[str]:
        """The line as logged and in its decoded forms."""
        line = self._line(index)
        url = _joined_url(dict(zip(self._columns, text_of(line).split(" "), strict=False)))
        return list(dict.fromkeys([*readings(line), *readings(url.encode("utf-8", "replace"))]))

    def time(self, index: int) -> int | None:
        """Columns date and time (UTC) in µs since 1970-01-01."""
        values = self._values(index)
        try:
            text = f"{values['date']}T{values['time']}"
            found = datetime.fromisoformat(text).replace(tzinfo=UTC)
        except (KeyError, ValueError):
            return None
        return int(found.timestamp()) * 1_000_000 + found.microsecond

    def server(self, index: int) -> str:
        """`s-computername`, else `s-ip`; "" if the log has neither."""
        values = self._values(index)
        for name in ("s-computername", "s-ip"):
            if values.get(name, _NO_VALUE) != _NO_VALUE:
                return values[name]
        return ""

    def fields(self, index: int) -> Fields:
        """The columns by name, in the ways they may be read; ValueError if they do not fit."""
        values = self._fitting(index)
        fields: Fields = {}
        for name, value in values.items():
            reading = _value(name, value)
            fields[name] = reading
            for alias in ALIASES.get(name, ()):
                fields[alias] = reading
        _add_url(fields, values)
        return fields

    def key(self, index: int, names: frozenset[str]) -> Key:
        """See `LineBatch`."""
        values = self._fitting(index)
        return tuple([values.get(name) for name in _sources(names)])

    def pick(self, index: int, names: frozenset[str]) -> Fields:
        """See `LineBatch`."""
        values = self._fitting(index)
        fields: Fields = {}
        for name, value in values.items():
            aliases = names.intersection(ALIASES.get(name, ()))
            if name in names or aliases:
                fields[name] = reading = _value(name, value)
                fields.update(dict.fromkeys(aliases, reading))
        if not URL_FIELDS.isdisjoint(names):
            _add_url(fields, values)
        return fields

    def _fitting(self, index: int) -> dict[str, str]:
        line = self._line(index)
        if line.count(b" ") + 1 != len(self._columns):
            raise ValueError(f"{line.count(b' ') + 1} values for {len(self._columns)} columns")
        return self._values(index)

    def _values(self, index: int) -> dict[str, str]:
        return dict(zip(self._columns, text_of(self._line(index)).split(" "), strict=False))

    def _line(self, index: int) -> bytes:
        if self._ends is None:
            body = np.frombuffer(self._body, dtype=np.uint8)
            self._ends = [*np.flatnonzero(body == ord("\n")).tolist(), len(self._body)]
        start = self._ends[index - 1] + 1 if index else 0
        return self._body[start : self._ends[index]]


@lru_cache(maxsize=1024)
def _sources(names: frozenset[str]) -> tuple[str, ...]:
    """The columns that fields with these names are made of."""
    sources = set(names)
    sources.update(name for name, others in ALIASES.items() if not names.isdisjoint(others))
    if not URL_FIELDS.isdisjoint(names):
        sources.update(_URL_COLUMNS)
    return tuple(sorted(sources))


def _value(name: str, value: str) -> object:
    if value == _NO_VALUE:
        return EMPTY
    if name in _NUMBERS and len(value) <= 18 and value.isdecimal() and value.isascii():
        return int(value)
    if name in _BLANKS_AS_PLUS:
        return list(dict.fromkeys([value.replace("+", " "), value]))
    return value


def _joined_url(values: dict[str, str]) -> str:
    stem, query = values.get("cs-uri-stem", ""), values.get("cs-uri-query", _NO_VALUE)
    if not stem:
        return values.get("cs-uri", "")
    return stem if query == _NO_VALUE else f"{stem}?{query}"


def _add_url(fields: Fields, values: dict[str, str]) -> None:
    """The URL's parts under Sigma's names, each in all its readings."""
    url = _joined_url(values)
    if url and url != _NO_VALUE:
        query = values.get("cs-uri-query", _NO_VALUE)
        add_url(fields, url, None if query == _NO_VALUE else query)
