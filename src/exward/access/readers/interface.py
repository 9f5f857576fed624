"""What a module in this folder must offer to be a reader; `registry.py` finds it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from exward.access.facts import Fact
from exward.model.skipped import Skipped
from exward.model.source import Source


class Reader(Protocol):
    """A module of this folder."""

    NAME: str
    """Stable name, lower case with hyphens."""
    TITLE: str
    """Name for people."""

    def recognises(self, path: str, head: bytes) -> bool:
        """Say from path and first 64 KiB whether a file is of this form. Never raises."""

    def read(self, source: Source) -> Iterator[Fact | Skipped]:
        """Yield what the file says, in file order, and what could not be read.

        Memory is that of one object. Raises OSError or EvidenceError where the file ends early.
        """
