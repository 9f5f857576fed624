"""How many bytes of messages all connections hold together."""

from __future__ import annotations


class Memory:
    """A bound on the bytes that all shares hold."""

    def __init__(self, limit: int) -> None:
        """`limit` in bytes."""
        self._limit = limit
        self._held = 0

    def share(self) -> Share:
        """The part of one connection; empty."""
        return Share(self)

    def _change(self, by: int) -> bool:
        if by > 0 and self._held + by > self._limit:
            return False
        self._held += by
        return True


class Share:
    """What one connection holds of a `Memory`."""

    def __init__(self, memory: Memory) -> None:
        """Made by `Memory.share`."""
        self._memory, self._size = memory, 0

    def resize(self, size: int) -> bool:
        """Hold so many bytes instead; False, and nothing changes, if there is no room for them."""
        is_there = self._memory._change(size - self._size)
        if is_there:
            self._size = size
        return is_there
