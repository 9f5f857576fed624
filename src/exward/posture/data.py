"""The data of an area, and what follows from them alone.

The servers of an organisation say much alike: its mailboxes, roles and groups. Such data are one
value for all of them, and with it everything that was made of it once.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar, cast

from exward.posture import plain
from exward.posture.row import Row, rows

_Value = TypeVar("_Value")
_Result = TypeVar("_Result")


class Made(Generic[_Value]):
    """What was made of a value, by the function that made it."""

    __slots__ = ("_results",)

    def __init__(self) -> None:
        self._results: dict[Callable[[_Value], object], object] = {}

    def of(self, value: _Value, make: Callable[[_Value], _Result]) -> _Result:
        """The result of a function of a module, made when it is first asked for."""
        if make not in self._results:
            self._results[make] = make(value)
        return cast("_Result", self._results[make])


class Data:
    """Plain values as they were read, which nobody changes."""

    __slots__ = ("_made", "value")

    def __init__(self, value: object) -> None:
        self.value = value
        self._made: Made[Data] = Made()

    def once(self, make: Callable[[Data], _Result]) -> _Result:
        """What a function of a module makes of these data and of nothing else."""
        return self._made.of(self, make)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The objects of a list; what is no object is left out."""
        return self.once(_rows)

    @property
    def objects(self) -> tuple[Row, ...] | None:
        """The same; None if something in the list is no object."""
        return self.once(_objects)


def _rows(data: Data) -> tuple[Row, ...]:
    return rows(data.value)


def _objects(data: Data) -> tuple[Row, ...] | None:
    return data.rows if len(data.rows) == len(plain.listed(data.value)) else None


class Kept(Generic[_Result]):
    """What was made of texts that come again: the latest, within a bound.

    `most` is in whatever the sizes are in.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._results: OrderedDict[tuple[str, bytes], tuple[_Result, int]] = OrderedDict()

    def made(
        self, text: bytes, make: Callable[[bytes], tuple[_Result, int]], name: str = ""
    ) -> _Result:
        """The result for a text (of that name, if it matters); `make` gives it with its size."""
        key = name, text
        if key in self._results:
            self._results.move_to_end(key)
            return self._results[key][0]
        result, size = self._results[key] = make(text)
        self._size += size
        while self._size > self._most:
            _, (_, gone) = self._results.popitem(last=False)
            self._size -= gone
        return result
