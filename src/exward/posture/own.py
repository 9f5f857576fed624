"""What is this server's among objects of all servers, and when it was collected."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from exward.posture.inventory import Inventory
from exward.posture.known import MICROSECONDS_A_DAY, objects
from exward.posture.row import Row

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def own_rows(inventory: Inventory, area: str) -> tuple[Row, ...] | None:
    """The objects whose `Server` is this one or is not told; None as with `known.objects`."""
    found = objects(inventory, area)
    if found is None:
        return None
    short = _short(inventory.server)
    return tuple(row for row in found if _short(row.text("Server") or short) == short)


def as_of(inventory: Inventory, area: str) -> int | None:
    """When an area was collected, µs since 1970-01-01 UTC; None if that is not known."""
    found = inventory.areas.get(area.lower())
    return None if found is None else found.collected


def days_until(later: int, earlier: int) -> int:
    """Whole days from one time to another, both in µs; negative if it is past."""
    return (later - earlier) // MICROSECONDS_A_DAY


def day_of(moment: int | None) -> str:
    """The day of a time in µs, UTC, as an ISO text; empty if it is not known or out of range."""
    try:
        return "" if moment is None else f"{_EPOCH + timedelta(microseconds=moment):%Y-%m-%d}"
    except OverflowError:
        return ""


def _short(server: str) -> str:
    return server.partition(".")[0].lower()
