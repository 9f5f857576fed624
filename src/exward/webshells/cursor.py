"""A place in the tokens of a text of code."""

from __future__ import annotations

from exward.webshells.blocks import VB
from exward.webshells.lexer import END, MARK, NAME, Token

MAX_STEPS = 3_000_000
MAX_LOOK = 20_000
_LAST = Token(END, "", 0)


class Stopped(Exception):  # no error: the bound of work for one file
    """The file takes too long."""


class Cursor:
    """Where the reading stands; it goes forward only."""

    def __init__(self, tokens: list[Token], language: str) -> None:
        self.tokens = tokens
        self.language = language
        self.basic = language == VB
        self.at = 0
        self.steps = 0

    @property
    def line(self) -> int:
        """1-based line of what was read last."""
        return self._peek(-1).line

    def _peek(self, ahead: int = 0) -> Token:
        index = self.at + ahead
        return self.tokens[index] if index < len(self.tokens) else _LAST

    def _is(self, text: str, ahead: int = 0) -> bool:
        token = self._peek(ahead)
        return token.kind == MARK and token.text == text

    def _word(self, ahead: int = 0) -> str:
        token = self._peek(ahead)
        return token.text.lower() if token.kind == NAME else ""

    def _step(self) -> None:
        self.at += 1
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise Stopped

    def _matching(self, index: int) -> int:
        """Where the bracket at `index` closes; the end if it does not."""
        pairs = {"(": ")", "[": "]", "{": "}"}
        opening = self.tokens[index].text
        closing = pairs.get(opening, ")")
        depth = 0
        for at in range(index, min(len(self.tokens), index + MAX_LOOK)):
            token = self.tokens[at]
            if token.kind == MARK:
                depth += (token.text == opening) - (token.text == closing)
                if not depth:
                    return at
        return len(self.tokens)
