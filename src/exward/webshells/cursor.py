"""A place in the tokens of a text of code."""

from __future__ import annotations

from dataclasses import dataclass

from exward.webshells.blocks import VB
from exward.webshells.lexer import END, MARK, Token

MAX_STEPS = 3_000_000
MAX_DECODING = 300_000
MAX_BRACKETS = 60
"""Tokens in brackets that may go over the end of a line; more are a bracket that nobody closed."""
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_LAST = Token(END, "", 0)


class Stopped(Exception):  # no error: the bound of work for one file
    """The file takes too long."""


@dataclass(slots=True)
class Budget:
    """How much work is left for one file, whatever stands inside of what."""

    left: int = MAX_STEPS
    decoding: int = MAX_DECODING
    """Steps that are left for what functions and loops make of constants."""
    depth: int = 0
    """Expressions that stand inside of each other now, whatever code stands inside of what."""

    def spend(self, steps: int) -> None:
        """Take so many steps; raises Stopped if there are no more."""
        self.left -= steps
        if self.left < 0:
            raise Stopped


class Cursor:
    """Where the reading stands; it goes forward only."""

    def __init__(self, tokens: list[Token], language: str, budget: Budget) -> None:
        self.tokens = _joined(tokens) if language == VB else tokens
        self.budget = budget
        self.closing = _closings(self.tokens)
        self.language = language
        self.basic = language == VB
        self.at = 0

    @property
    def line(self) -> int:
        """1-based line of what was read last."""
        return self.tokens[self.at - 1].line if 0 < self.at <= len(self.tokens) else 0

    def _peek(self, ahead: int = 0) -> Token:
        try:
            return self.tokens[self.at + ahead]
        except IndexError:
            return _LAST

    def _is(self, text: str, ahead: int = 0) -> bool:
        try:
            token = self.tokens[self.at + ahead]
        except IndexError:
            return False
        return token.text == text and token.kind == MARK

    def _word(self, ahead: int = 0) -> str:
        return self._peek(ahead).word

    def _step(self) -> None:
        self.at += 1
        self.budget.left -= 1
        if self.budget.left < 0:
            raise Stopped

    def _matching(self, index: int) -> int:
        """Where the bracket at `index` closes; the end if it does not."""
        return self.closing.get(index, len(self.tokens))


def _joined(tokens: list[Token]) -> list[Token]:
    """Without the ends of lines that stand in brackets: a Basic statement goes on there."""
    gone = {
        index
        for opening, closing in _closings(tokens).items()
        if tokens[opening].text == "(" and closing - opening < MAX_BRACKETS
        for index in range(opening, closing)
        if tokens[index].kind == END
    }
    return [token for index, token in enumerate(tokens) if index not in gone] if gone else tokens


def _closings(tokens: list[Token]) -> dict[int, int]:
    """Opening bracket → the closing one of its kind, by their places."""
    opened: dict[str, list[int]] = {closing: [] for closing in _PAIRS.values()}
    found: dict[int, int] = {}
    for index, token in enumerate(tokens):
        if token.kind != MARK:
            continue
        if token.text in _PAIRS:
            opened[_PAIRS[token.text]].append(index)
        elif opened.get(token.text):
            found[opened[token.text].pop()] = index
    return found
