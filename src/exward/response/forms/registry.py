"""Finds the forms of this folder."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from exward.model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exward.response.forms.interface import Form


@cache
def forms() -> Mapping[str, Form]:
    """Every form by its file ending, sorted."""
    folder = str(Path(__file__).parent)
    names = sorted(module.name for module in pkgutil.iter_modules([folder]))
    modules = [import_module(f"exward.response.forms.{name}") for name in names]
    found = [
        cast("Form", module)
        for module in modules
        if hasattr(module, "EXTENSION") and hasattr(module, "render")
    ]
    return MappingProxyType({one.EXTENSION: one for one in sorted(found, key=_extension)})


def for_file(name: str) -> Form:
    """The form that a file's name asks for; raises UsageError that lists those there are."""
    form = forms().get(Path(name).suffix.lower())
    if form is None:
        raise UsageError(
            "a plan has no such form", f"end the name in {' or '.join(forms())}", f"--plan {name}"
        )
    return form


def _extension(form: Form) -> str:
    return form.EXTENSION
