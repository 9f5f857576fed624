"""Answers that name what decides them."""

from __future__ import annotations

from collections.abc import Iterable

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, failed, passed, unknown

_MAX_NAMES = 8
_MAX_NAME = 200


def listing(names: Iterable[str]) -> str:
    """Names for an answer, sorted, each once; few of many, and none without end."""
    every = sorted(set(map(_short, names)))
    rest = len(every) - _MAX_NAMES
    shown = ", ".join(every[:_MAX_NAMES])
    return f"{shown} and {rest:,} more" if rest > 0 else shown


def concluded(weak: Iterable[str], open_questions: Iterable[str], good: str) -> Answer:
    """Fail with what is weak; else `unknown` with what is not known; else pass."""
    if found := listing(weak):
        return failed(f"{found}.")
    if asked := listing(open_questions):
        return unknown(f"Not known: {asked}.")
    return passed(good)


def worst(found: Iterable[tuple[Severity, str]]) -> Answer | None:
    """Fail with all of these, each with its severity, at the highest; None if there are none."""
    ranked = sorted(found, key=lambda one: (-one[0].rank, one[1]))
    if not ranked:
        return None
    shown = "; ".join(f"{_short(said)} ({severity})" for severity, said in ranked[:_MAX_NAMES])
    rest = len(ranked) - _MAX_NAMES
    more = f"; and {rest:,} more" if rest > 0 else ""
    return failed(f"{shown}{more}.", ranked[0][0])


def _short(said: str) -> str:
    return said if len(said) <= _MAX_NAME else f"{said[:_MAX_NAME]}…"
