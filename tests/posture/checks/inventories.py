"""Inventories for tests of checks: areas and registry as plain values."""

from collections.abc import Mapping

from exward.posture.inventory import Area, Inventory, Key
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
            name.lower(): Area(value, f"{name}.json", COLLECTED)
            for name, value in (areas or {}).items()
        },
        registry={
            path.lower(): Key(values is not None, Row(values or {}))
            for path, values in (registry or {}).items()
        },
    )
