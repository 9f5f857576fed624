"""Finds the kinds of export of this folder and asks each whether an object is one of its own."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import cast

from exward.access.exports.interface import Context, Export
from exward.access.exports.properties import Properties
from exward.access.facts import Fact

REQUIRED = ("CMDLETS", "is_one", "facts")


@cache
def exports() -> tuple[Export, ...]:
    """Every kind of export, sorted by module name; the order in which they are asked."""
    names = sorted(one.name for one in pkgutil.iter_modules([str(Path(__file__).parent)]))
    modules = [importlib.import_module(f"exward.access.exports.{name}") for name in names]
    return tuple(
        cast("Export", module)
        for module in modules
        if all(hasattr(module, required) for required in REQUIRED)
    )


def kind_of(value: object) -> Export | None:
    """Tell the kind of an object from the names of its properties; None if it is none of ours."""
    if not isinstance(value, Mapping):
        return None
    properties = Properties(value)
    return next((one for one in exports() if one.is_one(properties)), None)


def facts_of(value: object, context: Context) -> Iterator[Fact | str]:
    """Yield what one exported object says; nothing if it is none of ours."""
    kind = kind_of(value)
    if kind is not None and isinstance(value, Mapping):
        yield from kind.facts(Properties(value), context)
