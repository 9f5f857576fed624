"""One object of an inventory, asked for its members by name, whatever it really holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from exward.posture import plain

_MAX_KEPT = 64
"""Members of an object whose names are kept for the next one."""


class Row:
    """Members by name, without case. Each question gives None where there is no such value."""

    __slots__ = ("_inside", "_members", "_spelling")

    def __init__(self, members: Mapping[str, object]) -> None:
        """Keep the members themselves: whoever gives them does not change them afterwards."""
        self._inside: dict[str, tuple[Row, ...]] | None = None
        self._members = members
        names = tuple(members)
        self._spelling = _kept(names) if len(names) <= _MAX_KEPT else _spelling(names)

    def __contains__(self, name: str) -> bool:
        """Whether the member exists, even if it is null."""
        return name.lower() in self._spelling

    def __iter__(self) -> Iterator[str]:
        """Names of the members, in lower case."""
        return iter(self._spelling)

    def held(self) -> Collection[object]:
        """The values of all members, as they were read."""
        return self._members.values()

    def raw(self, name: str) -> object:
        """The value as it was read."""
        written = self._spelling.get(name.lower())
        return None if written is None else self._members[written]

    def text(self, name: str) -> str | None:
        """The member as text."""
        written = self._spelling.get(name.lower())
        return None if written is None else plain.text(self._members[written])

    def truth(self, name: str) -> bool | None:
        """The member as a truth value."""
        return plain.truth(self.raw(name))

    def number(self, name: str) -> int | None:
        """The member as a whole number."""
        return plain.number(self.raw(name))

    def size(self, name: str) -> int | None:
        """The member as a number of bytes."""
        return plain.size(self.raw(name))

    def days(self, name: str) -> int | None:
        """The member, a span of time, as whole days."""
        return plain.days(self.raw(name))

    def moment(self, name: str) -> int | None:
        """The member as µs since 1970-01-01 UTC."""
        return plain.moment(self.raw(name))

    def texts(self, name: str) -> tuple[str, ...] | None:
        """The member as a list of texts; None if the object has no such member."""
        return plain.texts(self.raw(name)) if name in self else None

    def rows(self, name: str) -> tuple[Row, ...] | None:
        """The member as a list of objects; None if the object has no such member."""
        if name not in self:
            return None
        if self._inside is None:
            self._inside = {}
        if name not in self._inside:
            self._inside[name] = rows(self.raw(name))
        return self._inside[name]

    def row(self, name: str) -> Row | None:
        """The member as one object."""
        value = self.raw(name)
        return Row(value) if isinstance(value, Mapping) else None


def _spelling(names: tuple[str, ...]) -> Mapping[str, str]:
    """By name in lower case, how it is written."""
    return {name.lower(): name for name in names}


_kept = lru_cache(maxsize=512)(_spelling)
"""The thousand objects of a list have their names written alike."""


def rows(value: object) -> tuple[Row, ...]:
    """The objects of a list; what is no object is left out."""
    return tuple(Row(one) for one in plain.listed(value) if isinstance(one, Mapping))
