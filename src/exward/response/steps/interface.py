"""What a module in this folder must offer to be a step.

A new step is one new module here; `registry.py` finds it. `mypy` and a conformance test hold
each module against this protocol.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from exward.response.case import Case
from exward.response.plan import Action, Phase


class Step(Protocol):
    """A module of this folder."""

    ID: str
    """The file's name with hyphens."""
    PHASE: Phase
    RANK: int
    """Place within the phase, lowest first."""
    AFTER: tuple[str, ...]
    """Ids of steps that have to be done before; those that a plan does not hold do not count."""
    TITLE: str
    EFFECT: str
    """What is different afterwards."""
    BREAKS: str
    """What it may break."""

    def actions(self, case: Case) -> Iterator[Action]:
        """Yield what to do on this server; nothing if the evidence gives no reason.

        Values from evidence reach a command through `quoting.command` only.
        """
