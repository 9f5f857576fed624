"""Finds the format modules of this folder.

A module is a format if it defines every name of `interface.Format`; others only support formats.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache, lru_cache
from pathlib import Path
from typing import cast

from exward.formats.interface import Format

REQUIRED = ("NAME", "TITLE", "recognises", "parts", "read")


@cache
def formats() -> tuple[Format, ...]:
    """Every format, sorted by module name; the order in which they are asked."""
    folder = str(Path(__file__).parent)
    names = sorted(module.name for module in pkgutil.iter_modules([folder]))
    modules = [importlib.import_module(f"exward.formats.{name}") for name in names]
    return tuple(
        cast("Format", module)
        for module in modules
        if all(hasattr(module, required) for required in REQUIRED)
    )


# Each file is asked for twice: is it evidence, and then what to do with it.
@lru_cache(maxsize=2)
def identify(head: bytes) -> Format | None:
    """Name the format of a file that starts with `head` (64 KiB); None if it is none of ours."""
    return next((one for one in formats() if one.recognises(head)), None)


def by_name(name: str) -> Format:
    """Give the format of that name; raises KeyError if there is none."""
    return {one.NAME: one for one in formats()}[name]
