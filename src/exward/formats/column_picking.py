"""Some fields of a line, made from the few columns that they depend on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from exward.formats.url_readings import EMPTY
from exward.model.records import Fields, Key


@dataclass(frozen=True, slots=True)
class Picking:
    """How certain fields are made from the values of a line with certain columns.

    `places`: where their values stand; None for other names of columns that the log has not.
    `sources`: the columns read, None for those that the log has not. `adds`: whether fields that
    are no columns are wanted, too.
    """

    places: tuple[tuple[str, int | None], ...]
    sources: tuple[int | None, ...]
    adds: bool

    def key(self, values: Sequence[str]) -> Key:
        """The values read."""
        return tuple([None if at is None else values[at] for at in self.sources])

    def fields(self, values: Sequence[str]) -> Fields:
        """The fields that are columns, or other names of such."""
        return {
            name: EMPTY if place is None else values[place] or EMPTY for name, place in self.places
        }


def picking(
    columns: Sequence[str],
    aliases: Mapping[str, tuple[str, ...]],
    names: frozenset[str],
    added_from: tuple[str, ...],
) -> Picking:
    """Plan to read these fields. `added_from`: columns that make fields that are none."""
    own = {name: at for at, name in enumerate(columns)}
    places: dict[str, int | None] = dict(own)
    for column, others in aliases.items():
        places.update(dict.fromkeys(others, own.get(column)))
    wanted = sorted(names)
    return Picking(
        places=tuple((name, places[name]) for name in wanted if name in places),
        sources=(
            *(places.get(name) for name in wanted),
            *(own.get(name) for name in added_from),
        ),
        adds=bool(added_from),
    )
