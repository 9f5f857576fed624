"""What a module in this folder must offer; `registry.py` finds it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from exward.access.exports.interface import Context
from exward.access.exports.properties import Properties
from exward.access.facts import Fact


class Area(Protocol):
    """A module of this folder."""

    AREAS: tuple[str, ...]
    """The areas whose objects it reads, in lower case."""

    def facts(self, properties: Properties, context: Context) -> Iterator[Fact | str]:
        """Yield what one object says; a text is a reason why some of it cannot be told."""
