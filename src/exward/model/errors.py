"""Errors that a person can act on: what happened, where, and what to do next."""

from __future__ import annotations


class ExwardError(Exception):
    """Base of every error that ends a run; only the command line prints it and exits.

    `what` is one sentence, `hint` the next step (may be empty), `where` a path, `path:line`
    or a setting's name (may be empty).
    """

    exit_code = 3

    def __init__(self, what: str, hint: str = "", where: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint
        self.where = where

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.what}{hint}"


class UsageError(ExwardError):
    """The command line or a setting is wrong; nothing was done."""

    exit_code = 2


class EvidenceError(ExwardError):
    """What the user pointed at cannot be read at all."""


class ContentError(ExwardError):
    """A rule, setting file or data file of the user is not valid."""
