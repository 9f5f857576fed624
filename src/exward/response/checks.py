"""The fixes of failed checks: which are updates, and which lines of them are commands."""

from __future__ import annotations

import re
from functools import cache

from exward.model.outcome import About, Outcome
from exward.posture.checks.registry import checks as settings_checks
from exward.posture.outside.checks.registry import checks as outside_checks
from exward.response.case import Case, of_outcome
from exward.response.plan import Action
from exward.response.quoting import Command, is_line

UPDATE_CHECKS = frozenset({"newest-update", "supported-product"})
_INSTALLS = re.compile(r"Install (?!Windows)|Move to ")
_STARTS = re.compile(
    r"[A-Z][a-z]+-[A-Z]\w+(?: |$)|[('&$]|foreach |(?:auditpol|wevtutil|w32tm|icacls)(?:\.exe)? "
)
_PROSE = re.compile(
    r"…|\.\.\.|\((?:or|by|better|takes|tamper)\b|[.;,] (?:if|then|Then|those|after|or|and)\b"
    r"|\bfor each\b|\bwith the same\b| first;|\.$"
)
_BLANK = re.compile(
    r"\b(?:NAME|OLD|NEW|OWNER|ADDRESS|DATABASE|MAILBOX|SCOPE|FOLDER|SITE|APP|POOL|FILE|URL|COMMAND"
    r"|VALUE|THUMBPRINT|NUMBER|SERVER|DRIVE|KEY|ROLE|HOLDER|LOGS)\b"
    r"|192\.0\.2\.|\bexample\.com\b"
)
"""What a reader of a fix has to fill in: the line does not stand for itself."""
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|#.*")
_WORD = re.compile(
    r"(?<![-\w$.\\:/])(?:the|that|with|also|of|for|from|by|or|then|each)(?![-\w:\\=])"
)
"""Outside of strings and comments these make a sentence, never a command of ours."""


def is_update(outcome: Outcome) -> bool:
    """Whether an update of Exchange is what closes it."""
    if outcome.check in UPDATE_CHECKS:
        return True
    installs = not outcome.fix or _INSTALLS.match(outcome.fix) is not None
    return outcome.about is About.VULNERABILITY and installs


def action_of(outcome: Outcome) -> Action:
    """A check's own fix as a step; what is not plainly a command stands there as a note.

    So does what would take back a change that is itself none: run by mistake it only weakens.
    """
    change = commands(outcome.fix)
    undo = commands(outcome.undo) if change else ()
    notes = [
        f"{label}: {text}"
        for label, text, lines in (
            ("Fix", outcome.fix, change),
            ("Preview", outcome.preview, commands(outcome.preview)),
            ("Undo", outcome.undo, undo),
        )
        if text and not lines
    ]
    return Action(
        reasons=(of_outcome(outcome),),
        preview=commands(outcome.preview),
        change=change,
        undo=undo,
        title=outcome.title,
        effect=f"{outcome.title}. Otherwise: {outcome.why}" if outcome.why else outcome.title,
        breaks=outcome.breaks,
        notes=tuple(notes),
    )


def settings(case: Case, about: About) -> list[Outcome]:
    """Failed checks of one kind that no update closes, worst first."""
    return [one for one in case.fails if one.about is about and not is_update(one)]


def is_command(text: str) -> bool:
    """Whether a fix is PowerShell from end to end, not words about it."""
    if not is_line(text) or _STARTS.match(text) is None:
        return False
    is_prose = _PROSE.search(text) or _WORD.search(_QUOTED.sub("", text))
    return not (is_prose or _BLANK.search(text))


def commands(text: str) -> tuple[Command, ...]:
    """A text of an outcome as a command, if it is one and a check of exward's has it.

    A result that was saved may come from anybody: what else it holds is no command.
    """
    return (Command(text),) if text in _own_texts() and is_command(text) else ()


@cache
def _own_texts() -> frozenset[str]:
    fixes = (check.FIX for check in (*settings_checks(), *outside_checks()))
    return frozenset(text for fix in fixes for text in (fix.change, fix.preview, fix.undo))
