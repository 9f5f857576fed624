"""What is known of one server's set-up: a snapshot of plain values by well-known names.

Areas and their members are those of docs/collector.md, whatever file they were read from. An area
that is missing was not collected: every question about it gives None, which is *unknown*. An area
that is empty was collected and holds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from exward.model.posture import Precision
from exward.posture.build import Build
from exward.posture.data import Data, Made
from exward.posture.row import Row

_Result = TypeVar("_Result")

IIS_CONFIG = "iis-config"
"""Area of IIS's configuration files, a list of `iis.ConfigFile`."""


@dataclass(frozen=True, slots=True)
class Area:
    """What was read of one area. `collected` is µs since 1970-01-01 UTC, None if not known."""

    data: Data
    source: str
    collected: int | None = None


@dataclass(frozen=True, slots=True)
class BuildReading:
    """One place that tells the build, and how much of it; `position` is a line or element."""

    build: Build
    precision: Precision
    told_by: str
    source: str
    position: int | None = None
    collected: int | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """A registry key that was looked for; `exists` False: it is not there."""

    exists: bool
    values: Row


@dataclass(frozen=True, slots=True)
class Inventory:
    """One server. `registry` is by key, `HKLM\\…` in lower case."""

    server: str
    builds: tuple[BuildReading, ...] = ()
    areas: Mapping[str, Area] = field(default_factory=dict)
    registry: Mapping[str, Key] = field(default_factory=dict)
    _made: Made[Inventory] = field(default_factory=Made, repr=False, compare=False)

    def data(self, area: str) -> Data | None:
        """What was read of an area; None if it was not collected."""
        found = self.areas.get(area.lower())
        return None if found is None else found.data

    def rows(self, area: str) -> tuple[Row, ...] | None:
        """The objects of a list; None if it was not collected."""
        found = self.data(area)
        return None if found is None else found.rows

    def once(self, make: Callable[[Inventory], _Result]) -> _Result:
        """What a function of a module makes of the areas, once for all checks."""
        return self._made.of(self, make)

    def row(self, area: str) -> Row | None:
        """The only, or first, object of an area; None if there is none."""
        found = self.rows(area)
        return found[0] if found else None

    def key(self, path: str) -> Key | None:
        """A registry key (`HKLM\\SYSTEM\\…`); None if it was not looked for."""
        return self.registry.get(path.lower())

    def sources(self, *areas: str) -> tuple[str, ...]:
        """The files that these areas were read from."""
        found = (self.areas.get(area.lower()) for area in areas)
        return tuple(sorted({one.source for one in found if one is not None}))
