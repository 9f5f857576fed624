"""Puts the tokens of a script together to statements, and says in which function each stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from exward.webshells.skimming.tokens import Kind, Token

MAX_PARAMETERS = 50
MAX_STATEMENT = 2_000
"""Tokens; a longer statement goes on as another one."""


class Statement(NamedTuple):
    """Tokens up to `;`, a block or a line's end; `inside`: the name of the function around it.

    `ends`: for each token, where an expression ends that begins with it: at a comma, or at a
    bracket that was not opened in it.
    """

    tokens: tuple[Token, ...]
    inside: str
    ends: tuple[int, ...]


class Code(NamedTuple):
    """The statements of a script, and the names that each named function gives its parameters."""

    statements: tuple[Statement, ...]
    parameters: dict[str, tuple[str, ...]]


_GOES_ON = frozenset("+-*/%=.,?:&|<>([!") | {"+=", "==", "===", "!=", "!==", "&&", "||", "=>"}
_WORDS = frozenset({"var", "let", "const", "return", "new", "typeof", "else", "await", "in", "of"})


def code_of(tokens: Sequence[Token]) -> Code:
    """Cut a script into statements; objects in expressions stay whole."""
    reader = _Reader(tokens)
    return Code(tuple(reader.statements()), reader.parameters)


class _Reader:
    """Where in the script the reader is."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._held: list[Token] = []
        self._braces: list[bool] = []
        """Of each open brace, whether it is a block."""
        self._functions: list[str] = []
        """Of each open block, the name of the function it belongs to."""
        self.parameters: dict[str, tuple[str, ...]] = {}

    def statements(self) -> Iterator[Statement]:
        """Yield the statements in order."""
        for token in self._tokens:
            if token.kind is Kind.SIGN and token.value in "{};":
                yield from self._sign(token)
                continue
            if len(self._held) >= MAX_STATEMENT or (token.breaks and self._ends_here(token)):
                yield from self._taken()
            self._held.append(token)
        yield from self._taken()

    def _sign(self, token: Token) -> Iterator[Statement]:
        if token.value == "{":
            is_block = self._begins_block()
            self._braces.append(is_block)
            if is_block:
                self._enter()
        elif token.value == "}":
            is_block = not self._braces or self._braces.pop()
        else:
            is_block = True
        if not is_block:
            self._held.append(token)
            return
        yield from self._taken()
        if token.value == "}" and self._functions:
            self._functions.pop()

    def _begins_block(self) -> bool:
        if not self._held:
            return True
        last = self._held[-1]
        return last.value in {")", "=>", "else", "try", "do", "finally"} or not (
            last.kind is Kind.SIGN or last.value in _WORDS
        )

    def _enter(self) -> None:
        """Remember the function whose body begins."""
        name, given = _function(self._held)
        around = self._functions[-1] if self._functions else ""
        self._functions.append(name or around)
        if name:
            self.parameters.setdefault(name, given)

    def _ends_here(self, token: Token) -> bool:
        """Whether the line's end ends the statement (ECMA-262, automatic semicolons)."""
        if not self._held:
            return False
        last = self._held[-1]
        goes_on = last.kind is Kind.SIGN and last.value in _GOES_ON
        goes_on = goes_on or last.value in _WORDS
        return not goes_on and token.kind is not Kind.SIGN

    def _taken(self) -> Iterator[Statement]:
        held, self._held = self._held, []
        if held:
            inside = self._functions[-1] if self._functions else ""
            yield Statement(tuple(held), inside, _ends(held))


def _ends(held: Sequence[Token]) -> tuple[int, ...]:
    ends = [len(held)] * len(held)
    stops = [len(held)]
    for at in range(len(held) - 1, -1, -1):
        value = held[at].value if held[at].kind is Kind.SIGN else ""
        if value in {")", "]", "}"}:
            stops.append(at)
        elif value == ",":
            stops[-1] = at
        elif value in {"(", "[", "{"} and len(stops) > 1:
            stops.pop()
        ends[at] = stops[-1]
    return tuple(ends)


def _function(held: Sequence[Token]) -> tuple[str, tuple[str, ...]]:
    """Name and parameters of the function whose head these tokens end with; "" if it has none."""
    if not held or held[-1].value not in {")", "=>"}:
        return "", ()
    opened = _opening(held)
    inside = held[opened + 1 :] if opened >= 0 else held[-2:]
    names = [one.value for one in inside if one.kind is Kind.NAME][:MAX_PARAMETERS]
    before = [one.value for one in held[max(0, opened - 4) : max(opened, 0)]]
    is_arrow = held[-1].value == "=>"
    if "function" not in before and not is_arrow:
        return "", ()
    named = [one for one in before if one not in {"function", "=", ":", "async"} | _WORDS]
    return (named[-1] if named and named[-1].isidentifier() else ""), tuple(names)


def _opening(held: Sequence[Token]) -> int:
    """Where the last parenthesis that is closed was opened; -1 if there is none."""
    depth = 0
    for at in range(len(held) - 1, -1, -1):
        depth += (held[at].value == ")") - (held[at].value == "(")
        if depth == 0 and held[at].value == "(":
            return at
    return -1
