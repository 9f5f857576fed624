"""What a module in this folder must offer to be a reader of inventories.

A new form of inventory is one new module here; `registry.py` finds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from exward.model.skipped import Skipped
from exward.model.source import Source
from exward.posture.inventory import BuildReading


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that a file tells of a server: an area (docs/collector.md) or its build.

    `server` "" is the server of the archive or folder that the file lies in. `partial`: other
    files may tell more of the same area, and the lists are joined. `value` may be `Data` that other
    servers share.
    """

    server: str
    source: str
    area: str = ""
    value: object = None
    build: BuildReading | None = None
    collected: int | None = None
    partial: bool = False


class Reader(Protocol):
    """A module of this folder."""

    NAME: str
    """Stable name, the file's name with hyphens."""
    TITLE: str
    """Name for people."""

    def recognises(self, path: str, head: bytes) -> bool:
        """Say from the path and the first 64 KiB whether a file is of this kind. Never raises."""

    def read(self, source: Source) -> Iterator[Told | Skipped]:
        """Yield what the file tells. Raises OSError or EvidenceError where it cannot be read."""
