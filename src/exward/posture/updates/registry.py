"""Finds the forms of updates of this folder."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import cast

from exward.posture.updates.interface import UpdateForm


@cache
def forms() -> tuple[UpdateForm, ...]:
    """Every form, sorted by module name."""
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    modules = [import_module(f"exward.posture.updates.{name}") for name in names]
    return tuple(cast("UpdateForm", one) for one in modules if hasattr(one, "apply"))


def form_of(data: bytes) -> UpdateForm | None:
    """The form that a file has; None if it is none."""
    return next((form for form in forms() if form.recognises(data)), None)
