"""The builds that answers tell, read as saved answers are."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from exward.model.posture import Precision
from exward.posture.inventory import BuildReading
from exward.posture.outside.seen import Reply
from exward.posture.readers import export_tool, http_response
from exward.posture.readers.interface import Told

_READERS = (http_response, export_tool)
_HEAD_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer as the file that `curl -i` would save."""

    path: str
    data: bytes
    seekable: bool = True
    modified: int | None = None

    @property
    def size_bytes(self) -> int:
        return len(self.data)

    @property
    def head(self) -> bytes:
        return self.data[:_HEAD_BYTES]

    def open(self) -> BinaryIO:
        return io.BytesIO(self.data)


def readings(replies: Iterable[Reply]) -> Iterator[BuildReading]:
    """Yield what each answer tells; the place is its URL."""
    for reply in replies:
        source = _Answer(reply.url, _saved(reply))
        for reader in _READERS:
            for told in reader.read(source):
                if isinstance(told, Told) and told.build is not None:
                    yield replace(told.build, position=None)


def that_count(found: Iterable[BuildReading]) -> tuple[BuildReading, ...]:
    """Of several exact builds the lowest: a balancer's servers are as safe as the worst of them."""
    every = list(found)
    exact = [one for one in every if one.precision is Precision.EXACT]
    lowest = min(exact, key=lambda one: one.build.numbers, default=None)
    return tuple(every) if lowest is None else (lowest,)


def _saved(reply: Reply) -> bytes:
    head = [f"HTTP/1.1 {reply.status}", *(f"{name}: {value}" for name, value in reply.headers)]
    return "\n".join([*head, "", ""]).encode("latin-1", "replace") + reply.body
