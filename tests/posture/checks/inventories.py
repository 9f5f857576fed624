"""Inventories for tests of checks: areas and registry as plain values."""

from collections.abc import Iterator, Mapping

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
    rows = [Row(one) for one in written if isinstance(one, Mapping)]
    yield from (one for one in written if not isinstance(one, Mapping))
    places = {(row.text("File") or "", row.text("ReadFrom") or ""): None for row in rows}
    for file, place in places:
        own = (r for r in rows if (r.text("File") or "", r.text("ReadFrom") or "") == (file, place))
        yield ConfigFile(place or file or "?", Content(file, own))
