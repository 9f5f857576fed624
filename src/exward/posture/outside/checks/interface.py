"""What a module in this folder must offer to be a check of what was seen from outside.

A new check is one new module here; `registry.py` finds it, docs/probe.md names it. Ids begin with
`outside-`: what holds from one place of the network is not what a server's set-up says.
"""

from __future__ import annotations

from typing import Protocol

from exward.posture.checks.interface import Answer, Described
from exward.posture.outside.seen import Seen


class Check(Described, Protocol):
    """A module of this folder."""

    def judge(self, seen: Seen) -> Answer:
        """Judge one server. Never raises; what was not answered is `unknown`, never `pass`."""
