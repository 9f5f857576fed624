"""Finds the modules of this folder that offer what `interface.Container` asks for."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path
from typing import cast

from exward.mail.files.containers.interface import Container


@cache
def containers() -> dict[str, Container]:
    """The module for each kind of container."""
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    modules = [importlib.import_module(f"{__package__}.{name}") for name in names]
    return {
        kind: cast("Container", module)
        for module in modules
        for kind in sorted(getattr(module, "KINDS", ()))
    }
