"""What is known of one server's set-up: a snapshot of plain values by well-known names.

Areas and their members are those of docs/collector.md, whatever file they were read from. An area
that is missing was not collected: every question about it gives None, which is *unknown*. An area
that is empty was collected and holds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar, cast

from exward.model.posture import Precision
from exward.posture.build import Build
from exward.posture.row import Row, rows

_Made = TypeVar("_Made")

IIS_CONFIG = "iis-config"
"""Area of IIS's configuration files, a list of `iis.ConfigFile`."""


@dataclass(frozen=True, slots=True)
class Area:
    """What was read of one area. `collected` is µs since 1970-01-01 UTC, None if not known."""

    value: object
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
    _rows: dict[str, tuple[Row, ...]] = field(default_factory=dict, repr=False, compare=False)
    """Made once: a hundred checks ask for the same areas."""
    _made: dict[str, object] = field(default_factory=dict, repr=False, compare=False)

    def rows(self, area: str) -> tuple[Row, ...] | None:
        """The objects of a list; None if it was not collected."""
        name = area.lower()
        if name not in self._rows:
            found = self.areas.get(name)
            if found is None:
                return None
            self._rows[name] = rows(found.value)
        return self._rows[name]

    def once(self, name: str, make: Callable[[], _Made]) -> _Made:
        """What is made of the areas once for all checks; each name stands for one maker."""
        if name not in self._made:
            self._made[name] = make()
        return cast("_Made", self._made[name])

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
