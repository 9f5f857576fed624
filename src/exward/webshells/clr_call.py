"""A call in a program of a member of another assembly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from exward.webshells.clr_values import Value


@dataclass(slots=True)
class Call:
    """A call of a member of another assembly."""

    name: str
    arguments: list[Value]
    result: Value
    emit: Callable[..., None]  # the kind, and the masks
    first_is_text: bool = False
    takes_bytes: bool = False

    def mask(self, start: int = 0) -> int:
        """All labels of the arguments."""
        mask = 0
        for value in self.arguments[start:]:
            mask |= value.mask
        return mask

    def at(self, index: int) -> Value:
        """An argument; of calls that take fewer, one without labels."""
        return self.arguments[index] if index < len(self.arguments) else Value()
