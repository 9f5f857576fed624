"""Records on their way from a reader to the detectors: bounded batches, decoded only on demand.

A batch holds records of one evidence file. Two shapes, because Windows events come as one
text per record and web logs as blocks of lines; both answer the same questions by index.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

Key = tuple[str | None, ...]
"""Values of a line as written; None for a column that its log has not."""
Fields = dict[str, object]
"""A decoded record under the Sigma taxonomy's names. Values: str, int, float, bool, None, or a
list of these (a field that occurs more than once, or has several readings: any may match)."""

MAX_BATCH_RECORDS = 65_536
MAX_BATCH_BYTES = 64 * 1024 * 1024


class EventType(NamedTuple):
    """What kind of event a record is; rules are routed by it.

    `log` is `windows`, `iis`, `proxy`, `exchange.httpproxy`, ...; the other three are for Windows:
    channel and provider as written in the event ("" if absent), event id (-1 if absent).
    """

    log: str
    channel: str = ""
    event_id: int = -1
    provider: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Which share of one file a reader is asked for: number `index` of `count` (from 0)."""

    index: int = 0
    count: int = 1


class Batch(Protocol):
    """Up to `MAX_BATCH_RECORDS` records of one file, in file order."""

    source: str
    size_bytes: int
    """How many bytes of the evidence file this batch stands for (progress)."""

    def __len__(self) -> int:
        """Number of records."""

    def fields(self, index: int) -> Fields:
        """Decode record `index`; raises ValueError if its text is broken."""

    def time(self, index: int) -> int | None:
        """µs since 1970-01-01 UTC; None if the record carries no readable time."""

    def position(self, index: int) -> int:
        """Record id, or 1-based line number."""

    def server(self, index: int) -> str:
        """Host the record was written on; "" if the record does not say."""


@runtime_checkable
class TextBatch(Batch, Protocol):
    """Records that are one compact JSON text each (Windows events).

    A string value stands in `texts[i]` exactly as `orjson.dumps` would write it, so that a
    literal can be looked for without decoding.
    """

    texts: list[str]
    types: list[EventType]
    """Interned: equal types are the same object."""


@runtime_checkable
class LineBatch(Batch, Protocol):
    """Records that are the lines of one block, all of one event type and column list."""

    type: EventType

    def haystack(self) -> bytes:
        """The block in which literals are looked for: line `i` is record `i`.

        Lines are separated by a line feed. Every value that `fields(i)` returns stands in line
        `i`, blanks and plus signs apart (`+` is folded to a blank): as written, and behind that
        the decoded forms, if there are any.
        """

    def key(self, index: int, names: frozenset[str]) -> Key | None:
        """The written values that `pick` reads; None if that is not known.

        Lines of one event type with equal keys have equal fields, whatever their columns: log
        lines repeat, and what was found out about one need not be found out again.
        """

    def pick(self, index: int, names: frozenset[str]) -> Fields:
        """The fields with these names as `fields(index)` has them, perhaps with some others."""

    def text(self, index: int) -> list[str]:
        """Line `index` as written and in its decoded forms, for keyword searches."""
