"""What could not be read: counted and shown, never lost in silence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Skipped:
    """A piece of evidence that was not read.

    `source` is the evidence path, `position` the record, line or byte offset the `reason`
    names (None: the whole file), `count` how many records or lines were lost (0: unknown).
    """

    source: str
    position: int | None
    reason: str
    count: int = 0
