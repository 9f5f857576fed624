"""Finds the readers of this folder, and the one that a file is for."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import cast

from exward.posture.readers.interface import Reader

REQUIRED = ("NAME", "TITLE", "recognises", "read")


@cache
def readers() -> tuple[Reader, ...]:
    """Every reader, sorted by name; the order in which they are asked."""
    folder = str(Path(__file__).parent)
    names = sorted(module.name for module in pkgutil.iter_modules([folder]))
    modules = [import_module(f"exward.posture.readers.{name}") for name in names]
    return tuple(
        cast("Reader", module)
        for module in modules
        if all(hasattr(module, required) for required in REQUIRED)
    )


def reader_of(path: str, head: bytes) -> Reader | None:
    """The first reader that recognises the file."""
    return next((reader for reader in readers() if reader.recognises(path, head)), None)
