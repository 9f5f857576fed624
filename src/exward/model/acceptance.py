"""How an entry of the user's accepted risks fared in one scan."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """Whether an entry did anything: those that did not deserve a look."""

    USED = "used"
    UNUSED = "unused"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One entry: its id, what it says, and how many findings it covered.

    `until` is the last day (ISO 8601, UTC) on which it holds, "" for no end. An expired entry
    covers nothing; `findings` then counts what it would have covered.
    """

    entry: str
    what: str
    why: str
    who: str
    until: str
    standing: Standing
    findings: int
    where: str = ""
    """File and line of the entry."""
