"""What a check module offers; `registry` finds the modules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from exward.mail.facts import Facts
from exward.mail.signs import Sign


class Check(Protocol):
    """A module of this folder. Its id is its name with hyphens."""

    TITLE: str
    """What it finds, for people."""
    CLASS: str
    """The class of mail (`signs.CLASSES`) that its signs speak for."""

    def find(self, facts: Facts) -> Iterator[Sign]:
        """Yield what speaks for or against the message; never raises."""
