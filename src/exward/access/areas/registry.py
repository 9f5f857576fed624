"""Finds the areas of this folder; results of cmdlets are read as their exports are."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import cast

from exward.access.areas.interface import Area
from exward.access.exports import registry as exports
from exward.access.exports.interface import Context
from exward.access.exports.properties import Properties
from exward.access.facts import Fact

REQUIRED = ("AREAS", "facts")

Facts = Callable[[Properties, Context], Iterator[Fact | str]]


@cache
def readers() -> Mapping[str, Facts]:
    """What reads the objects of an area, by its name in lower case."""
    names = sorted(one.name for one in pkgutil.iter_modules([str(Path(__file__).parent)]))
    modules = [importlib.import_module(f"exward.access.areas.{name}") for name in names]
    areas = [
        cast("Area", module)
        for module in modules
        if all(hasattr(module, required) for required in REQUIRED)
    ]
    found: dict[str, Facts] = {name: one.facts for one in areas for name in one.AREAS}
    for kind in exports.exports():
        for cmdlet in kind.CMDLETS:
            found.setdefault(cmdlet.casefold(), kind.facts)
    return found
