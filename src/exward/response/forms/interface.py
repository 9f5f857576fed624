"""What a module in this folder must offer to be a form of the plan.

A new form is one new module here; `registry.py` finds it by the ending of the file's name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from exward.response.plan import Plan


class Form(Protocol):
    """A module of this folder."""

    EXTENSION: str
    """What files of this form end in, with the dot, lower case."""

    def render(self, plan: Plan) -> Iterator[str]:
        """Yield the text in pieces; the same for the same plan. Line ends are part of it."""
