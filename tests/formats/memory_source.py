"""An evidence file in memory, and what a format reads from it."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from exward.formats.interface import Format
from exward.model.records import Part
from exward.model.skipped import Skipped

HEAD_BYTES = 65_536


@dataclass
class MemorySource:
    """See `model.source.Source`."""

    data: bytes
    path: str = "evidence.bin"
    seekable: bool = True
    modified: int | None = None
    size_bytes: int | None = None
    head: bytes = b""

    def __post_init__(self) -> None:
        self.size_bytes = len(self.data)
        self.head = self.data[:HEAD_BYTES]

    def open(self) -> BinaryIO:
        return io.BytesIO(self.data)


@dataclass
class Reading:
    """All that came out of a file, in order."""

    batches: list[Any] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        return [text for batch in self.batches for text in batch.texts]

    @property
    def records(self) -> int:
        return sum(len(batch) for batch in self.batches)

    @property
    def positions(self) -> list[int]:
        return [batch.position(i) for batch in self.batches for i in range(len(batch))]

    @property
    def fields(self) -> list[dict[str, object]]:
        return [batch.fields(i) for batch in self.batches for i in range(len(batch))]

    @property
    def lost(self) -> int:
        return sum(one.count for one in self.skipped)


def read_all(module: Format, data: bytes, count: int = 1, seekable: bool = True) -> Reading:
    """Read every share of a file in turn."""
    source, reading = MemorySource(data, seekable=seekable), Reading()
    for index in range(count):
        for item in module.read(source, Part(index, count)):
            if isinstance(item, Skipped):
                reading.skipped.append(item)
            else:
                reading.batches.append(item)
    return reading
