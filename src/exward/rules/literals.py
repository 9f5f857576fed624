"""Which texts a record must contain for a condition to hold.

The answer is a monotone formula over literals (`Need`): wherever the condition holds, the formula
does. It is weaker than the condition, never stronger; `None` means that nothing can be said.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import orjson

from exward.rules.folding import fold
from exward.rules.ir import And, Like, Node, Not, Or, Regex
from exward.rules.regexes import required_texts

MIN_LENGTH = 2
MAX_LENGTH = 200
"""Longer literals add nothing, and the scanner has limits."""


class Every(NamedTuple):
    """All needs hold."""

    needs: tuple[Need, ...]


class Some(NamedTuple):
    """At least one need holds."""

    needs: tuple[Need, ...]


Need = bytes | Every | Some
"""A literal (folded, as it stands in the searched bytes), or needs joined."""

Literals = Callable[[str, bool, bool], list[bytes]]
"""(text, at the value's start, at its end) → literals that a record with this value contains."""

# What may be a piece of a number or truth value: these stand in JSON without quotation marks, and
# a number with an exponent may be written in more than one way.
_UNQUOTED = re.compile(r"[-+.0-9]*|[true]*|[false]*")
_DIGITS = re.compile(r"[-+]?[0-9]{1,3}")
_EXPONENT = re.compile(r"[-+.0-9]*e[-+.0-9]*")
_REWRITTEN = re.compile(r"[\x00-\x1f&<>\"'\\]+")
_PIECES = ("Data", "Parameter.")
# See formats/exchange_management.py.
_CMDLET_PIECES = frozenset(
    (
        *("Cmdlet", "Parameters", "Caller", "CallerSid", "SessionUser", "Process", "Error"),
        *("ClientApplication", "ObjectModified", "ThreadId", "Duration", "ServerSettings"),
        *("ErrorCategory", "ProxyInformation", "ActivityId", "Plan", "Culture"),
    )
)
_LINE_BREAKERS = re.compile(r"[\x00-\x20\x7f+?]+|[^\x00-\x7f]+")


def in_json(text: str, at_start: bool, at_end: bool) -> list[bytes]:
    """Literals for records given as compact JSON: escaped, with the quotation mark at an end."""
    folded = fold(text)
    encoded = orjson.dumps(folded.encode("utf-8", "replace").decode())[1:-1]
    if _EXPONENT.fullmatch(folded) or (not at_start and _DIGITS.fullmatch(folded)):
        return []
    if _UNQUOTED.fullmatch(folded) is None:
        encoded = (b'"' if at_start else b"") + encoded + (b'"' if at_end else b"")
    # A piece of a literal is as necessary as the whole.
    return [encoded[:MAX_LENGTH]] if len(encoded) >= MIN_LENGTH else []


def in_lines(text: str, at_start: bool, at_end: bool) -> list[bytes]:
    """Literals for lines: runs without blanks, plus and question marks, control or non-ASCII.

    Blank and plus stand for each other in web logs; a question mark is the reader's own between
    stem and query.
    """
    del at_start, at_end
    runs = [run for run in _LINE_BREAKERS.split(fold(text)) if len(run) >= MIN_LENGTH]
    return [run.encode("ascii")[:MAX_LENGTH] for run in runs]


def need(node: Node, literals: Literals, without: frozenset[str]) -> Need | None:
    """The formula for a condition; fields in `without` do not stand in the searched bytes."""
    if isinstance(node, And):
        return _every([need(arg, literals, without) for arg in node.args])
    if isinstance(node, Or):
        needs = [need(arg, literals, without) for arg in node.args]
        return _some([one for one in needs if one is not None]) if None not in needs else None
    if isinstance(node, Not):
        return None
    if isinstance(node, Like) and node.field not in without:
        return _of_like(node, literals)
    if isinstance(node, Regex) and node.field not in without:
        runs = [
            run
            for text in required_texts(node.pattern)
            for run in _standing(text, _is_whole(node.field), literals)
        ]
        return _every([one for run in runs if run.isascii() for one in literals(run, False, False)])
    return None


def _of_like(node: Like, literals: Literals) -> Need | None:
    last = len(node.parts) - 1
    whole = _is_whole(node.field)
    found: list[Need | None] = []
    for index, part in enumerate(node.parts):
        if isinstance(part, str):
            for run in _standing(part, whole, literals):
                found += literals(run, whole and index == 0, whole and index == last)
    return _every(found)


def _standing(text: str, whole: bool, literals: Literals) -> list[str]:
    """The pieces of a text that stand in the searched bytes.

    Of a line only quotation marks are rewritten: those inside of a value may stand there doubled.
    """
    if whole:
        return [text]
    return text.split('"') if literals is in_lines else _REWRITTEN.split(text)


def _is_whole(field: str | None) -> bool:
    """Whether the field's value stands in the record's text as it is.

    Values without a name may be pieces of a longer text whose entities and quotes were undone,
    those of cmdlets are cut out of such; keywords may span several values.
    """
    return field is not None and not field.startswith(_PIECES) and field not in _CMDLET_PIECES


def _every(needs: list[Need | None]) -> Need | None:
    flat: list[Need] = []
    for one in needs:
        if one is not None:
            flat += one.needs if isinstance(one, Every) else (one,)
    if len(flat) <= 1:
        return flat[0] if flat else None
    return Every(tuple(flat))


def _some(needs: list[Need]) -> Need:
    flat: list[Need] = []
    for one in needs:
        flat += one.needs if isinstance(one, Some) else (one,)
    return flat[0] if len(flat) == 1 else Some(tuple(flat))


def literals_of(formula: Need) -> frozenset[bytes]:
    """All literals in a formula."""
    if isinstance(formula, bytes):
        return frozenset({formula})
    return frozenset(text for one in formula.needs for text in literals_of(one))


def checker(formula: Need) -> Callable[[bytes], bool]:
    """A test whether lower-case data holds the literals that the formula asks for."""
    if isinstance(formula, bytes):
        return lambda data: formula in data
    texts = [one for one in formula.needs if isinstance(one, bytes)]
    others = [checker(one) for one in formula.needs if not isinstance(one, bytes)]
    return _every_of(texts, others) if isinstance(formula, Every) else _some_of(texts, others)


def _every_of(texts: list[bytes], others: list[Callable[[bytes], bool]]) -> Callable[[bytes], bool]:
    def check(data: bytes) -> bool:
        for text in texts:
            if text not in data:
                return False
        for other in others:  # noqa: SIM110  # a generator costs more than the search
            if not other(data):
                return False
        return True

    return check


def _some_of(texts: list[bytes], others: list[Callable[[bytes], bool]]) -> Callable[[bytes], bool]:
    def check(data: bytes) -> bool:
        for text in texts:
            if text in data:
                return True
        for other in others:  # noqa: SIM110
            if other(data):
                return True
        return False

    return check
