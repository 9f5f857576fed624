"""Finds the kinds of deed."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import lru_cache
from typing import Protocol

from exward.webshells import deeds
from exward.webshells.call import Call
from exward.webshells.objects import Known
from exward.webshells.sign import Sign
from exward.webshells.values import Names, Value

_NO_KINDS = frozenset({"registry", "who"})


class Reader(Protocol):
    """What a deed needs of the one who reads the code."""

    language: str
    known: Known

    def note(self, sign: Sign) -> None:
        """Remember a sign."""

    def becomes(self, kinds: Names) -> None:
        """Say what the object of the call is from now on."""

    def nested(self, code: str, line: int) -> None:
        """Read code that the code runs."""


Look = Callable[[Reader, Call], Value | None]


@lru_cache(maxsize=1)
def looks() -> tuple[Look, ...]:
    """The `look` of every kind, in order of their names."""
    names = sorted(found.name for found in pkgutil.iter_modules(deeds.__path__))
    return tuple(
        importlib.import_module(f"{deeds.__name__}.{name}").look
        for name in names
        if name not in _NO_KINDS
    )
