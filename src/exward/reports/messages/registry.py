"""Finds the renderers of this folder: modules with NAME, TITLE and `render`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Protocol, cast

from exward.model.message import MailResult

REQUIRED = ("NAME", "TITLE", "render")


class MailRenderer(Protocol):
    """A module of this folder."""

    NAME: str
    TITLE: str

    def render(self, result: MailResult) -> Iterator[str]:
        """Yield the text in pieces."""


@cache
def mail_renderers() -> dict[str, MailRenderer]:
    """Every renderer by its name, sorted."""
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    modules = [importlib.import_module(f"exward.reports.messages.{name}") for name in names]
    found = [cast("MailRenderer", module) for module in modules
             if all(hasattr(module, required) for required in REQUIRED)]  # fmt: skip
    return {one.NAME: one for one in found}
