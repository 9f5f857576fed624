"""What a module for one kind of store offers; `registry` finds the modules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from exward.mail.mime.message import Message
from exward.model.skipped import Skipped
from exward.model.source import Source

MAX_MESSAGE_BYTES = 64 * 1024 * 1024
"""Of a larger message the beginning is read, and the rest is counted as skipped."""


class Store(Protocol):
    """A module of this folder."""

    NAME: str
    TITLE: str

    def recognises(self, path: str, head: bytes) -> bool:
        """Say from its path and first 64 KiB whether a file is one of these; must not raise."""

    def read(self, source: Source) -> Iterator[tuple[str, Message] | Skipped]:
        """Yield each message with its path; damage is Skipped, never raised."""
