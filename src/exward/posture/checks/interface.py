"""What a module in this folder must offer to be a check.

A new check is one new module here; `registry.py` finds it. `mypy` and a conformance test hold
each module against this protocol: with an empty inventory no check may say `pass` or `fail`.

    ID = "smb-1"                       # the file's name with hyphens; never reused
    TITLE = "SMB version 1 is off"     # the good state
    SEVERITY = Severity.HIGH           # of a failure; `Answer.severity` may lower or raise it
    READS = ("smb", "registry")        # areas of docs/collector.md
    …
    def judge(inventory: Inventory) -> Answer: …
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from exward.model.outcome import Status
from exward.model.severity import Severity
from exward.posture.inventory import Inventory


@dataclass(frozen=True, slots=True)
class Answer:
    """What a check says of one server; `reason` is one sentence with the values that decide."""

    status: Status
    reason: str
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Fix:
    """PowerShell for people: nothing is run by exward. `breaks`: what the change may break."""

    change: str
    preview: str
    undo: str
    breaks: str = ""


class Described(Protocol):
    """What every check says of itself, whatever it looks at."""

    ID: str
    TITLE: str
    SEVERITY: Severity
    WHY: str
    """What an attacker gains otherwise, in one or two sentences."""
    FIX: Fix
    SOURCES: tuple[str, ...]
    """Where the facts are from: addresses of public pages."""


class Check(Described, Protocol):
    """A module of this folder."""

    READS: tuple[str, ...]
    GOOD: str
    """The value that is right, in words."""

    def judge(self, inventory: Inventory) -> Answer:
        """Judge one server. Never raises; what is not known is `unknown`, never `pass`."""


def passed(reason: str) -> Answer:
    """The good state, proved by what was read."""
    return Answer(Status.PASS, reason)


def failed(reason: str, severity: Severity | None = None) -> Answer:
    """The weak state; `severity` None: the check's own."""
    return Answer(Status.FAIL, reason, severity)


def unknown(reason: str) -> Answer:
    """What is needed was not collected."""
    return Answer(Status.UNKNOWN, reason)


def not_collected(areas: Iterable[str]) -> Answer:
    """The usual `unknown`: these areas are missing."""
    return unknown(f"Not collected: {', '.join(areas)}.")


def not_applicable(reason: str) -> Answer:
    """The question does not arise on this server."""
    return Answer(Status.NOT_APPLICABLE, reason)
