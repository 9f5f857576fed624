"""Finds the checks of this folder: modules that define all names of `interface.Check`."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path
from typing import cast

from exward.mail.checks.interface import Check

REQUIRED = ("TITLE", "CLASS", "find")


@cache
def checks() -> tuple[tuple[str, Check], ...]:
    """Every check with its id, sorted."""
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    modules = [(name, importlib.import_module(f"exward.mail.checks.{name}")) for name in names]
    return tuple(
        (name.replace("_", "-"), cast("Check", module))
        for name, module in modules
        if all(hasattr(module, required) for required in REQUIRED)
    )
