"""Finds the modules of this folder that define all names of `interface.Store`."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path
from typing import cast

from exward.mail.stores.interface import Store

REQUIRED = ("NAME", "TITLE", "recognises", "read")


@cache
def stores() -> tuple[Store, ...]:
    """Every kind of store, sorted by module name; the order in which they are asked."""
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    modules = [importlib.import_module(f"exward.mail.stores.{name}") for name in names]
    return tuple(
        cast("Store", module)
        for module in modules
        if all(hasattr(module, required) for required in REQUIRED)
    )


def identify(path: str, head: bytes) -> Store | None:
    """The kind of store that a file is; None if it holds no mail."""
    return next((one for one in stores() if one.recognises(path, head)), None)
