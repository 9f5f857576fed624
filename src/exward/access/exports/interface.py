"""What a module in this folder must offer; `registry.py` finds it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from exward.access.exports.properties import Properties
from exward.access.facts import Fact, Place


class Context(NamedTuple):
    """Where an object stands: its place, the group that file or key name ("" if none), and the
    server that it was collected on ("" if none is named).
    """

    place: Place
    group: str
    server: str = ""


class Export(Protocol):
    """A module of this folder."""

    CMDLETS: tuple[str, ...]
    """The cmdlets that give such objects."""

    def is_one(self, properties: Properties) -> bool:
        """Say from the names of its properties whether an object is of this kind."""

    def facts(self, properties: Properties, context: Context) -> Iterator[Fact | str]:
        """Yield what the object says; a text is a reason why some of it cannot be told."""
