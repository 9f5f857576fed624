"""Records of one Exchange log with one list of columns, cut and decoded on demand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

from exward.formats.column_picking import Picking, picking
from exward.formats.exchange_csv_values import fitting, split
from exward.formats.url_readings import EMPTY, text_of, with_decoded_lines
from exward.model.records import EventType, Fields, Key

Values = Mapping[str, str]
"""Column → value as written."""


def iso_time(text: str) -> int | None:
    """µs since 1970-01-01 UTC of `2026-01-11T16:00:11.478Z`; without an offset it is UTC."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    try:
        return int(found.timestamp()) * 1_000_000 + found.microsecond
    except (OverflowError, ValueError):
        return None


@dataclass(frozen=True, slots=True)
class Layout:
    """What is particular to one kind of Exchange log.

    `event`: its event type. `servers`: columns that name the server, the best first. `time`: how
    the first column is read. `aliases`: other names of columns. `add`: adds fields to a decoded
    record. `added`: their names and the columns they are made of; None: they depend on the whole
    record. `haystack`: makes of the block of lines the text in which literals are looked for,
    line for line; every value that `add` adds has to stand there.
    """

    event: EventType
    servers: tuple[str, ...] = ("ServerHostName", "ServerName", "Server", "server-hostname")
    server_of: Callable[[str], str] = str
    time: Callable[[str], int | None] = iso_time
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    add: Callable[[Fields, Values], None] | None = None
    added: tuple[frozenset[str], tuple[str, ...]] | None = None
    haystack: Callable[[bytes], bytes] = with_decoded_lines


class CsvBatch:
    """See `LineBatch`. `body` holds the records, one to a line (breaks inside are blanks)."""

    __slots__ = (
        "_body",
        "_columns",
        "_ends",
        "_layout",
        "_numbers",
        "_plans",
        "size_bytes",
        "source",
        "type",
    )

    def __init__(
        self,
        place: tuple[str, Layout, int],
        columns: tuple[str, ...],
        body: bytes,
        numbers: Sequence[int],
    ) -> None:
        self.source, self._layout, self.size_bytes = place
        self.type = self._layout.event
        self._columns = columns
        self._body = body
        self._numbers = numbers
        self._ends: list[int] | None = None
        self._plans: dict[frozenset[str], Picking | None] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def position(self, index: int) -> int:
        """1-based number of the record's first line in the file."""
        return self._numbers[index]

    def haystack(self) -> bytes:
        """The lines, doubled quotation marks made single, with what they decode to."""
        return self._layout.haystack(self._body.replace(b'""', b'"'))

    def text(self, index: int) -> list[str]:
        """The record as it is searched: see `haystack`."""
        return [text_of(self._layout.haystack(self._line(index).replace(b'""', b'"')))]

    def time(self, index: int) -> int | None:
        """The first column in µs since 1970-01-01 UTC."""
        line = self._line(index)
        first = line[: line.find(b",")] if b"," in line else line
        return self._layout.time(text_of(first).strip('"'))

    def server(self, index: int) -> str:
        """The server that the record names; "" if it names none."""
        values = self._values(index)
        for name in self._layout.servers:
            if found := values.get(name, ""):
                return self._layout.server_of(found)
        return ""

    def fields(self, index: int) -> Fields:
        """The columns by name and what the layout adds; ValueError if they do not fit."""
        named = dict(zip(self._columns, self._fitting(index), strict=True))
        fields: Fields = {name: value or EMPTY for name, value in named.items()}
        for column, names in self._layout.aliases.items():
            fields.update(dict.fromkeys(names, fields.get(column, EMPTY)))
        if self._layout.add is not None:
            self._layout.add(fields, named)
        return fields

    def key(self, index: int, names: frozenset[str]) -> Key | None:
        """See `LineBatch`."""
        plan = self._plan(names)
        return None if plan is None else plan.key(self._fitting(index))

    def pick(self, index: int, names: frozenset[str]) -> Fields:
        """See `LineBatch`."""
        plan = self._plan(names)
        if plan is None:
            return self.fields(index)
        values = self._fitting(index)
        fields = plan.fields(values)
        if plan.adds and self._layout.add is not None:
            self._layout.add(fields, dict(zip(self._columns, values, strict=True)))
        return fields

    def _plan(self, names: frozenset[str]) -> Picking | None:
        if names not in self._plans:
            self._plans[names] = self._planned(names)
        return self._plans[names]

    def _planned(self, names: frozenset[str]) -> Picking | None:
        added, columns = self._layout.added or (frozenset[str](), ())
        if self._layout.add is not None and not added:
            return None
        adds = not added.isdisjoint(names)
        return picking(self._columns, self._layout.aliases, names, columns if adds else ())

    def _fitting(self, index: int) -> list[str]:
        line = text_of(self._line(index))
        values = fitting(line, len(self._columns))
        if values is None:
            raise ValueError(f"{len(split(line))} values for {len(self._columns)} columns")
        return values

    def _values(self, index: int) -> dict[str, str]:
        line = text_of(self._line(index))
        return dict(zip(self._columns, split(line), strict=False))

    def _line(self, index: int) -> bytes:
        if self._ends is None:
            body = np.frombuffer(self._body, dtype=np.uint8)
            self._ends = [*np.flatnonzero(body == ord("\n")).tolist(), len(self._body)]
        start = self._ends[index - 1] + 1 if index else 0
        return self._body[start : self._ends[index]]
