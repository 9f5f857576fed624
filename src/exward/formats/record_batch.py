"""Records that a reader has already brought into flat fields: bounded batches of JSON texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import orjson

from exward.formats import windows_fields
from exward.model.records import EventType, Fields
from exward.model.skipped import Skipped

BATCH_RECORDS = 4096
BATCH_BYTES = 8 * 1024 * 1024
MAX_LISTED = 20
"""Broken pieces listed one by one; the others are summed up."""


class Record(NamedTuple):
    """One record: the JSON of its flat fields, and what is known of it without decoding.

    `time` is ISO 8601 text (without offset: UTC) or µs since 1970-01-01 UTC; anything else is no
    time.
    """

    text: str
    type: EventType
    time: object
    position: int
    server: str


class RecordBatch:
    """Records of one file; see `TextBatch`."""

    __slots__ = ("positions", "servers", "size_bytes", "source", "texts", "times", "types")

    def __init__(self, source: str) -> None:
        self.source = source
        self.size_bytes = 0
        self.texts: list[str] = []
        self.types: list[EventType] = []
        self.times: list[object] = []
        self.positions: list[int] = []
        self.servers: list[str] = []

    def __len__(self) -> int:
        return len(self.texts)

    def fields(self, index: int) -> Fields:
        """Decode record `index`."""
        fields: Fields = orjson.loads(self.texts[index])
        return fields

    def time(self, index: int) -> int | None:
        """µs since 1970-01-01 UTC."""
        time = self.times[index]
        if isinstance(time, str):
            return windows_fields.parse_time(time)
        return time if isinstance(time, int) else None

    def position(self, index: int) -> int:
        """Record id, else the number of the line, object or element."""
        return self.positions[index]

    def server(self, index: int) -> str:
        """Computer; "" if the record has none."""
        return self.servers[index]


class Losses:
    """Counts what was not read, and lists the first few. `kind` names the rest in the plural."""

    def __init__(self, source: str, kind: str) -> None:
        self._source = source
        self._kind = kind
        self._listed: list[Skipped] = []
        self._broken = 0
        self._foreign: Counter[str] = Counter()
        self._notes: Counter[str] = Counter()
        self._first: dict[str, int | None] = {}

    def broken(self, number: int | None, reason: str) -> None:
        """Note a piece that cannot be read."""
        self._broken += 1
        if self._broken <= MAX_LISTED:
            self._listed.append(Skipped(self._source, number, reason, 1))

    def foreign(self, number: int | None, reason: str) -> None:
        """Note something of which only the sum matters; `reason` is one of a few constants."""
        self._foreign[reason] += 1
        self._first.setdefault(reason, number)

    def incomplete(self, number: int | None, reason: str) -> None:
        """Note a record that was read but lacks something; `reason` is one of a few constants."""
        self._notes[reason] += 1
        self._first.setdefault(reason, number)

    def taken(self) -> Iterator[Skipped]:
        """Yield what has been listed since the last call."""
        listed, self._listed = self._listed, []
        yield from listed

    def summary(self) -> Iterator[Skipped]:
        """Yield the sums, at the end."""
        if self._broken > MAX_LISTED:
            yield Skipped(self._source, None, f"more {self._kind}", self._broken - MAX_LISTED)
        for reason, count in self._foreign.items():
            yield Skipped(self._source, self._first[reason], reason, count)
        for reason, count in self._notes.items():
            yield Skipped(self._source, self._first[reason], f"{count} {reason}")


class Counted:
    """Blocks on their way to a parser that takes them when it likes: how many bytes it took."""

    def __init__(self) -> None:
        self._bytes = 0

    def blocks(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """Pass blocks on."""
        for block in blocks:
            self._bytes += len(block)
            yield block

    def taken(self) -> int:
        """Bytes passed on since the last call."""
        size_bytes, self._bytes = self._bytes, 0
        return size_bytes


def batches(
    source: str, steps: Iterable[tuple[Iterable[Record], int]], losses: Losses
) -> Iterator[RecordBatch | Skipped]:
    """Yield batches of the records, each step having read so many bytes, and what was lost."""
    types: dict[EventType, EventType] = {}
    batch = RecordBatch(source)
    for records, size_bytes in steps:
        for record in records:
            batch.texts.append(record.text)
            batch.types.append(types.setdefault(record.type, record.type))
            batch.times.append(record.time)
            batch.positions.append(record.position)
            batch.servers.append(record.server)
        batch.size_bytes += size_bytes
        if len(batch) >= BATCH_RECORDS or batch.size_bytes >= BATCH_BYTES:
            if len(batch):
                yield batch
            batch = RecordBatch(source)
            yield from losses.taken()
    if len(batch):
        yield batch
    yield from losses.taken()
    yield from losses.summary()
