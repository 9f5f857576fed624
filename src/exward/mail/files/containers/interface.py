"""What a module for a kind of container offers; `registry` finds the modules."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from exward.model.errors import EvidenceError

MAX_FILE_BYTES = 32 * 1024 * 1024
"""Of a larger member the rest is left out."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may still be taken out of a container, and what may open it."""

    files: int
    total_bytes: int
    passwords: tuple[str, ...] = ()


@dataclass(slots=True)
class Opened:
    """What is in a container, as far as it could be read."""

    files: list[tuple[str, bytes]] = field(default_factory=list, repr=False)
    """Name and content; an empty name: the container's own without its ending."""
    members: list[str] = field(default_factory=list)
    """The names of all members, also of those that were not read."""
    is_encrypted: bool = False
    is_unread: bool = False
    """Something in it is damaged, or of a method that cannot be read."""
    password: str = ""
    """The one that opened it."""
    texts: dict[str, bytes] = field(default_factory=dict, repr=False)
    """Members that say what an Office package does."""

    def room(self, limits: Limits) -> int:
        """How many bytes the next member may have."""
        used = sum(len(data) for _, data in self.files)
        return max(0, min(MAX_FILE_BYTES, limits.total_bytes - used))


class Container(Protocol):
    """A module of this folder."""

    KINDS: frozenset[str]
    """The kinds (`kinds.file_kind`) that it opens."""

    def open_container(self, data: bytes, limits: Limits) -> Opened:
        """Read what is in it, within the limits; never raises."""


def take(chunks: Iterable[bytes], limit: int) -> bytes:
    """All chunks as one, cut off at a limit; what is damaged ends it."""
    found = bytearray()
    with suppress(EvidenceError):
        for chunk in chunks:
            found += chunk
            if len(found) >= limit:
                break
    return bytes(found[:limit])
