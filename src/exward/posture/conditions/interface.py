"""What a module in this folder must offer to be a kind of condition.

The tables of facts name it by its file's name with hyphens. The answer is `pass` if the condition
holds, `fail` if the vulnerability is open although the build has the fix.
"""

from __future__ import annotations

from typing import Protocol

from exward.posture.checks.interface import Answer
from exward.posture.facts import Condition
from exward.posture.inventory import Inventory


class ConditionKind(Protocol):
    """A module of this folder."""

    READS: tuple[str, ...]
    """Areas of docs/collector.md."""

    def judge(self, condition: Condition, inventory: Inventory) -> Answer:
        """Say whether it holds; what is not known is `unknown`."""
