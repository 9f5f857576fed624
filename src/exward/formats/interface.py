"""What a module in this folder must offer to be a format.

A new format is one new module here; `registry.py` finds it. `mypy` and a conformance test hold
each module against this protocol.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from exward.model.records import LineBatch, Part, TextBatch
from exward.model.skipped import Skipped
from exward.model.source import Source


class Format(Protocol):
    """A module of this folder."""

    NAME: str
    """Stable name, lower case with hyphens, the file's name: `evtx`, `iis-w3c`."""
    TITLE: str
    """Name for people: `Windows event log (EVTX)`."""

    def recognises(self, head: bytes) -> bool:
        """Say from the first 64 KiB whether a file is of this format. Never raises."""

    def parts(self, source: Source, workers: int) -> int:
        """Into how many shares the file may be cut for `workers` processes (1: not at all)."""

    def read(self, source: Source, part: Part) -> Iterator[TextBatch | LineBatch | Skipped]:
        """Yield the records of one share in file order, and what could not be read.

        The shares of all parts together are the whole file, each record once. Memory is bounded
        whatever the file holds. Raises OSError or EvidenceError only where nothing can be read.
        """
