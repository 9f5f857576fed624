"""Finds the outputs: every module of this folder that has a `NAME` and a `render`."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

import exward.reports
from exward.model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exward.reports.interface import Renderer


@cache
def renderers() -> Mapping[str, Renderer]:
    """Every output by its name, sorted by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(exward.reports.__path__))
    modules = [import_module(f"exward.reports.{name}") for name in names]
    found = [
        cast("Renderer", module)
        for module in modules
        if hasattr(module, "NAME") and hasattr(module, "render")
    ]
    return MappingProxyType({one.NAME: one for one in sorted(found, key=lambda one: one.NAME)})


def by_name(name: str) -> Renderer:
    """Return the output of that name; raises UsageError that lists the names there are."""
    found = renderers().get(name)
    if found is None:
        raise UsageError(
            f"there is no output named {name!r}", f"choose one of {', '.join(renderers())}"
        )
    return found
