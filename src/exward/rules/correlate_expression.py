"""Conditions over rule names in temporal correlations: `a and (b or c) and not d`.

Source: Sigma correlation rules specification 2.1, extended conditions of `temporal` and
`temporal_ordered`. The tree is turned into alternatives, because "in order" and "nowhere near"
are questions about one alternative, not about the tree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

MAX_ALTERNATIVES = 256
MAX_DEPTH = 50
_TOKEN = re.compile(r"[()]|[^\s()]+")


class Alternative(NamedTuple):
    """One way to meet a condition: rules that must occur, rules that must not."""

    present: frozenset[str]
    absent: frozenset[str]


@dataclass(slots=True)
class _Words:
    """The words that are still to be read, from `at` on."""

    words: list[str]
    at: int = 0

    def peek(self) -> str:
        return self.words[self.at] if self.at < len(self.words) else ""

    def take(self) -> str:
        self.at += 1
        return self.words[self.at - 1]


def alternatives(expression: str, rules: tuple[str, ...]) -> tuple[Alternative, ...]:
    """Every way to meet the condition; `not` binds tighter than `and`, `and` than `or`.

    Raises ValueError with a sentence for the rule's author, also for a name outside `rules`.
    """
    words = _Words(_TOKEN.findall(expression))
    found = _either(words, frozenset(rules), False, 0)
    if words.peek():
        raise ValueError(f"the condition has {words.peek()!r} where it should end")
    if not found:
        raise ValueError("the condition can never hold")
    return tuple(sorted(set(found), key=lambda way: (sorted(way.present), sorted(way.absent))))


def _either(words: _Words, rules: frozenset[str], negated: bool, depth: int) -> list[Alternative]:
    ways = _both(words, rules, negated, depth)
    while words.peek().lower() == "or":
        words.take()
        more = _both(words, rules, negated, depth)
        ways = _product(ways, more) if negated else _bounded(ways + more)
    return ways


def _both(words: _Words, rules: frozenset[str], negated: bool, depth: int) -> list[Alternative]:
    ways = _one(words, rules, negated, depth)
    while words.peek().lower() == "and":
        words.take()
        more = _one(words, rules, negated, depth)
        ways = _bounded(ways + more) if negated else _product(ways, more)
    return ways


def _one(words: _Words, rules: frozenset[str], negated: bool, depth: int) -> list[Alternative]:
    if depth > MAX_DEPTH:
        raise ValueError(f"the condition is nested deeper than {MAX_DEPTH}")
    if not words.peek():
        raise ValueError("the condition ends where a rule name should stand")
    word = words.take()
    if word.lower() == "not":
        return _one(words, rules, not negated, depth + 1)
    if word == "(":
        ways = _either(words, rules, negated, depth + 1)
        if words.peek() != ")":
            raise ValueError("the condition lacks a closing parenthesis")
        words.take()
        return ways
    if word not in rules:
        raise ValueError(f"the condition has {word!r}, which is none of the correlated rules")
    name = frozenset([word])
    return [Alternative(frozenset(), name) if negated else Alternative(name, frozenset())]


def _product(left: list[Alternative], right: list[Alternative]) -> list[Alternative]:
    # A way that wants a rule both present and absent can never be met.
    joined = [
        Alternative(one.present | other.present, one.absent | other.absent)
        for one in left
        for other in right
        if not (one.present | other.present) & (one.absent | other.absent)
    ]
    return _bounded(joined)


def _bounded(ways: list[Alternative]) -> list[Alternative]:
    unique = list(dict.fromkeys(ways))
    if len(unique) > MAX_ALTERNATIVES:
        raise ValueError(f"the condition has more than {MAX_ALTERNATIVES} alternatives")
    return unique
