"""Finds the checks of this folder: modules with `find(view) -> Iterator[Finding]` and `RULES`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Protocol, cast

from exward.access.findings import Rule
from exward.access.view import View
from exward.model.finding import Finding


class Check(Protocol):
    """A module of this folder."""

    RULES: tuple[Rule, ...]
    """What it may find."""

    def find(self, view: View) -> Iterator[Finding]:
        """Yield what it finds, in no particular order."""


@cache
def checks() -> tuple[Check, ...]:
    """Every check, sorted by module name."""
    names = sorted(one.name for one in pkgutil.iter_modules([str(Path(__file__).parent)]))
    modules = [importlib.import_module(f"exward.access.checks.{name}") for name in names]
    return tuple(cast("Check", one) for one in modules if hasattr(one, "find"))
