"""Values of an inventory that may be missing: what cannot be read must not count as absent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from exward.posture import plain
from exward.posture.data import Data
from exward.posture.inventory import Inventory
from exward.posture.row import Row

MICROSECONDS_A_DAY = 86_400_000_000


class Registered(NamedTuple):
    """A value of the registry. `known`: it was read or is not set; `number` None: not set."""

    known: bool
    number: int | None


def registered(inventory: Inventory, path: str, name: str) -> Registered:
    """A number at `HKLM\\…`; one that is there and is no number is not known."""
    key = inventory.key(path)
    if key is None:
        return Registered(False, None)
    if not key.exists or name not in key.values:
        return Registered(True, None)
    number = key.values.number(name)
    return Registered(number is not None, number)


def objects(inventory: Inventory, area: str) -> tuple[Row, ...] | None:
    """The objects of a list; None if it was not collected, or if one of it is not readable."""
    found = inventory.data(area)
    return None if found is None else found.objects


def named_objects(inventory: Inventory, area: str) -> tuple[Row, ...] | None:
    """As `objects`; also None if one of them has no readable name: it may be the one asked for."""
    found = inventory.data(area)
    return None if found is None else found.once(_named_objects)


def _named_objects(data: Data) -> tuple[Row, ...] | None:
    found = data.objects
    return None if found is None or any(row.text("Name") is None for row in found) else found


def those_named(inventory: Inventory, area: str, names: Iterable[str]) -> tuple[Row, ...] | None:
    """As `named_objects`, but only those of these names, which are in lower case."""
    found = inventory.data(area)
    every = None if found is None else found.once(_by_name)
    return None if every is None else tuple(row for name in names for row in every.get(name, ()))


def _by_name(data: Data) -> Mapping[str, list[Row]] | None:
    found = data.once(_named_objects)
    if found is None:
        return None
    grouped: defaultdict[str, list[Row]] = defaultdict(list)
    for row in found:
        grouped[(row.text("Name") or "").lower()].append(row)
    return grouped


def own_row(inventory: Inventory, area: str) -> Row | None:
    """This server's object among those of all servers; the only one, whatever its name."""
    found = objects(inventory, area) or ()
    short = inventory.server.partition(".")[0].lower()
    own = [
        row
        for row in found
        if any(
            (row.text(name) or "").partition(".")[0].lower() == short
            for name in ("Name", "Identity", "Server", "Fqdn")
        )
    ]
    if own:
        return own[0]
    return found[0] if len(found) == 1 else None


def members(row: Row, name: str) -> tuple[Row, ...] | None:
    """The objects of a member that is a list; None as with `objects`."""
    found = row.rows(name)
    return found if found is not None and len(found) == len(plain.listed(row.raw(name))) else None


def texts(row: Row, name: str) -> tuple[str, ...] | None:
    """The texts of a member that is a list; None if it is missing or not readable throughout."""
    if name not in row:
        return None
    held = plain.listed(row.raw(name))
    found = plain.texts(row.raw(name))
    return found if len(found) == len(held) else None


def named(row: Row, *names: str) -> str:
    """The first of these members that has a text: what the object is called in an answer."""
    return next((said for name in names if (said := row.text(name))), "(no name)")
