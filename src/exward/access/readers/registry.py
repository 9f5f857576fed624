"""Finds the readers of this folder: the modules that define every name of `interface.Reader`."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path
from typing import cast

from exward.access.readers.interface import Reader

REQUIRED = ("NAME", "TITLE", "recognises", "read")


@cache
def readers() -> tuple[Reader, ...]:
    """Every reader, sorted by module name; the order in which they are asked."""
    names = sorted(one.name for one in pkgutil.iter_modules([str(Path(__file__).parent)]))
    modules = [importlib.import_module(f"exward.access.readers.{name}") for name in names]
    return tuple(
        cast("Reader", module)
        for module in modules
        if all(hasattr(module, required) for required in REQUIRED)
    )


def identify(path: str, head: bytes) -> Reader | None:
    """The reader of a file that lies at `path` and begins with `head`; None if it is none."""
    return next((one for one in readers() if one.recognises(path, head)), None)
