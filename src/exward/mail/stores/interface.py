"""What a module for one kind of store offers; `registry` finds the modules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from exward.mail.mime.message import Message
from exward.model.skipped import Skipped
from exward.model.source import Source

MAX_MESSAGE_BYTES = 64 * 1024 * 1024
"""Of a larger message the beginning is read, and the rest is counted as skipped."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One message as it lies in its store: `data` is for the store's own `parse`."""

    path: str
    store: str
    data: bytes = field(repr=False)


class Store(Protocol):
    """A module of this folder."""

    NAME: str
    TITLE: str

    def recognises(self, path: str, head: bytes) -> bool:
        """Say from its path and first 64 KiB whether a file is one of these; must not raise."""

    def read(self, source: Source) -> Iterator[Stored | Skipped]:
        """Yield each message as it lies there; damage is Skipped, never raised."""

    def parse(self, path: str, data: bytes) -> Iterator[Message | Skipped]:
        """Yield the message, and what of it could not be read; never raises."""
