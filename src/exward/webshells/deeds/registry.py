"""Finds the kinds of deed."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple, Protocol, cast

from exward.webshells import deeds
from exward.webshells.call import Call
from exward.webshells.objects import Known
from exward.webshells.sign import Sign
from exward.webshells.values import NONE, Names, Value

_NO_KINDS = frozenset({"registry", "who"})
MAX_KEPT = 20_000


class About(NamedTuple):
    """The calls that a kind of deed has to do with; it sees no others.

    `names`: what is called, or the type that `new` makes, lower case; `endings`: how those may end.
    `kinds`: what the object of the call is, whatever is called of it.
    """

    names: Names = NONE
    endings: tuple[str, ...] = ()
    kinds: Names = NONE

    def holds(self, word: str, kinds: Names) -> bool:
        """Whether a call of this name, of an object of these kinds, is one of them."""
        return word in self.names or word.endswith(self.endings) or not kinds.isdisjoint(self.kinds)


class Reader(Protocol):
    """What a deed needs of the one who reads the code."""

    language: str
    known: Known

    def note(self, sign: Sign) -> None:
        """Remember a sign."""

    def becomes(self, kinds: Names) -> None:
        """Say what the object of the call is from now on."""

    def nested(self, code: str, line: int) -> Value:
        """Read code that the code runs; its value, if it is one expression."""


Look = Callable[[Reader, Call], Value | None]


class Deed(Protocol):
    """A file of a kind of deed."""

    ABOUT: About

    @property
    def look(self) -> Look:
        """Notes the signs of one call; the value of the call if that is special, else None."""


@lru_cache(maxsize=1)
def deeds_known() -> tuple[Deed, ...]:
    """Every kind, in order of their names."""
    names = sorted(found.name for found in pkgutil.iter_modules(deeds.__path__))
    modules = (
        importlib.import_module(f"{deeds.__name__}.{name}")
        for name in names
        if name not in _NO_KINDS
    )
    return tuple(cast(Deed, module) for module in modules)


@lru_cache(maxsize=MAX_KEPT)
def looks(word: str, kinds: Names) -> tuple[Look, ...]:
    """The `look` of every kind that a call of this name, of an object of these kinds, concerns."""
    return tuple(deed.look for deed in deeds_known() if deed.ABOUT.holds(word, kinds))
