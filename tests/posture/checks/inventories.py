"""Inventories for tests of checks: areas and registry as plain values."""

from collections.abc import Iterator, Mapping

from exward.formats.iis_config import Element
from exward.posture import plain
from exward.posture.data import Data
from exward.posture.iis import ConfigFile, Content
from exward.posture.inventory import IIS_CONFIG, Area, Inventory, Key
from exward.posture.row import Row

COLLECTED = 1_795_654_923_000_000
"""2026-11-26 01:02:03 UTC, when everything here was collected."""


def inventory(
    areas: Mapping[str, object] | None = None,
    registry: Mapping[str, Mapping[str, object] | None] | None = None,
) -> Inventory:
    """A server EX01; a registry key that is None was looked for and does not exist."""
    return Inventory(
        "EX01.contoso.example",
        areas={
            name.lower(): Area(Data(value), f"{name}.json", COLLECTED)
            for name, value in with_files(areas or {}).items()
        },
        registry={
            path.lower(): Key(values is not None, Row(values or {}))
            for path, values in (registry or {}).items()
        },
    )


def with_files(areas: Mapping[str, object]) -> dict[str, object]:
    """Areas in which elements of IIS's configuration are written as a list, `ReadFrom` a file."""
    found = dict(areas)
    if IIS_CONFIG in found:
        found[IIS_CONFIG] = [*_files(plain.listed(found[IIS_CONFIG]))]
    return found


def _files(written: tuple[object, ...]) -> Iterator[object]:
    yield from (one for one in written if not isinstance(one, Mapping))
    found: dict[tuple[str, str], list[Element]] = {}
    for row in (one for one in written if isinstance(one, Mapping)):
        members = dict(row)
        origin = (members.pop("File", "?"), members.pop("ReadFrom", ""))
        around = (members.pop(name, "") for name in ("Section", "Location", "Within"))
        section, location, within = (one if isinstance(one, str) else "" for one in around)
        found.setdefault(origin, []).append(Element(section, location, within, members, 1))
    for (file, place), elements in found.items():
        yield ConfigFile(place or file, Content(file, elements))
