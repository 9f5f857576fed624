"""Reads what stands in brackets: the arguments of a call, lists, and the names in them."""

from __future__ import annotations

from abc import ABC

from exward.webshells.lexer import END, MARK, NAME
from exward.webshells.makings import WORD_OPERATORS, Makings
from exward.webshells.values import Value, listed

MAX_WORDS = 3
MAX_TUPLE = 20
_BETWEEN = frozenset({",", ";", ":"})
_NAMING = frozenset({":", ":="})
_NOT_NAMED = WORD_OPERATORS | {"when"}


class Arguments(Makings, ABC):
    """Reads lists of values, and the names that C# gives to parts of a value."""

    def _list(self, closing: str) -> Value:
        values: list[Value] = []
        while self.at < len(self.tokens) and not self._is(closing):
            before = self.at
            if self._peek().kind == END or (
                self._peek().kind == MARK and self._peek().text in _BETWEEN
            ):
                self._step()
                continue
            values.append(self._expression())
            if self.at == before:
                self._step()
        self._step()
        if len(values) == 1:
            return values[0]
        return listed(values)

    def _arguments(self, closing: str) -> list[Value]:
        """Values in brackets; which parameters they are named for is noted."""
        self._step()
        arguments: list[Value] = []
        passed: list[str] = []
        named: list[str] = []
        filled: list[str] = []
        while self.at < len(self.tokens) and not self._is(closing):
            before = self.at
            if self._is(",") or self._peek().kind == END:
                self._step()
                continue
            if self._is("}") or self._is(";"):
                break
            word = self._word()
            is_named = bool(word) and self._peek(1).text in _NAMING
            named.append(word if is_named else "")
            if is_named:
                self.at += 2
            arguments.append(self._expression())
            if self.is_filling:
                passed.append(self._variable(before))
            if word == "out" and (name := self._variable(before)):
                filled.append(name)
            if self.at == before:
                self._step()
        if self._is(closing):
            self._step()
        self.passed, self.named, self.filled = passed, named, filled
        return arguments

    def _variable(self, begin: int) -> str:
        """The name of the variable that was read since `begin`: `x`, `ref x`, `out string x`."""
        read = self.tokens[begin : min(self.at, begin + MAX_WORDS + 1)]
        is_name = len(read) <= MAX_WORDS and all(token.kind == NAME for token in read)
        return read[-1].word if read and is_name else ""

    def _matched(self, value: Value) -> None:
        """C#: `is string name`, `is { Length: > 0 } name` give the value a name."""
        ended = False
        while True:
            word = self._word()
            if self._is("{"):
                self.at = min(self._matching(self.at) + 1, len(self.tokens))
                ended = True
            elif word and word not in _NOT_NAMED:
                if ended:
                    self._declare(word)
                    self._assign(word, value)
                    self._step()
                    return
                ended = not self._is(".", 1) and word != "var"
                self._step()
            elif self._is(".") or word == "not":
                self._step()
            else:
                return

    def _deconstructed(self, end: int, value: Value) -> None:
        """C#: `(a, b) = …`, whose closing bracket is the token at `end`."""
        for at in range(end - 1, max(end - MAX_TUPLE, -1), -1):
            token = self.tokens[at]
            if token.kind == NAME and self.tokens[at + 1].text in {",", ")"}:
                self._declare(token.word)
                self._assign(token.word, value)
            elif token.kind != NAME and token.text != ",":
                return
