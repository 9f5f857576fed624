"""Evaluates expressions of pure code strictly: what is not known ends it.

Unlike `expressions`, which follows what may happen, this follows what does happen: precedence,
conditions and lists count. It stands in the tokens of the code that is being read.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable

from exward.webshells.decoding import calls
from exward.webshells.decoding.targets import MAX_STEPS, PureTargets, Target
from exward.webshells.decoding.values import (
    Letter,
    Pure,
    Routine,
    Unclear,
    counted,
    is_true,
    operated,
    said,
    whole,
)
from exward.webshells.lexer import END, MARK, NAME, NUMBER, TEXT, Token

MAX_DEPTH = 60
_BASIC_OPERATORS = (
    ("or", "orelse", "xor"), ("and", "andalso"), ("=", "<>", "<", ">", "<=", ">=", "is"),
    ("&",), ("+", "-"), ("mod",), ("\\",), ("*", "/"), ("^",),
)  # fmt: skip
_CURLY_OPERATORS = (
    ("??",), ("||",), ("&&",), ("|",), ("^",), ("&",), ("==", "!="), ("<", ">", "<=", ">="),
    ("<<", ">>"), ("+", "-"), ("*", "/", "%"),
)  # fmt: skip
_BINDING = {
    is_basic: {mark: level for level, marks in enumerate(operators) for mark in marks}
    for is_basic, operators in ((True, _BASIC_OPERATORS), (False, _CURLY_OPERATORS))
}
"""How close each operator binds, from 0."""
_COMPARING = 2
_SHORT = frozenset({"&&", "||", "andalso", "orelse"})
_ASSIGNING = frozenset({"=", "+=", "-=", "^=", "&="})
_CASTS: dict[str, Callable[[Pure], Pure]] = {
    "char": lambda value: Letter(chr(whole(value) & 0xFFFF)),
    "byte": lambda value: whole(value) & 0xFF, "int": lambda value: int(counted(value)),
    "object": lambda value: value, "string": said, "long": whole, "uint": whole, "short": whole,
}  # fmt: skip


class PureExpressions(PureTargets, ABC):
    """Evaluates one expression at a time."""

    def expression(self) -> Pure:
        """The value of an expression; C# and JScript assign inside of them."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Unclear
        target = None if self.basic else self.unary()
        if target is not None and self._assigns():
            value = self._assigned(target)
        else:
            value = self._binary(0, target)
            if self.is_mark("?") and not self.basic:
                value = self._chosen(is_true(value))
        self.depth -= 1
        return value

    def _assigns(self) -> bool:
        mark = self.peek().text
        doubled = self.is_mark("=", 1) and mark in {"*", "/", "%", "|", "&", "+", "-"}
        return self.peek().kind == MARK and (mark in _ASSIGNING or doubled)

    def _assigned(self, target: Target) -> Pure:
        mark = self.peek().text
        self.step(1 if mark in _ASSIGNING and not self.is_mark("=", 1) else 2)
        value = self.expression()
        if self.dry:
            return None
        if mark != "=":
            value = operated(mark[0], self.value(target), value, self.language)
        self.put(target, value)
        return value

    def _chosen(self, holds: bool) -> Pure:
        self.step()
        first = self.passed(self.expression, not holds)
        self.expect(":")
        second = self.passed(self.expression, holds)
        return first if holds else second

    def passed(self, read: Callable[[], Pure], over: bool) -> Pure:
        """Read something, or only pass over it."""
        self.dry += over
        value = read()
        self.dry -= over
        return value

    def _binary(self, least: int, first: Target | None = None) -> Pure:
        """The value of what operators join that bind at least so close."""
        if self.basic and self.peek().word == "not":
            self.step()
            held = self._binary(_COMPARING)
            left: Pure = None if self.dry else not is_true(held)
        else:
            left = self.value(self.unary() if first is None else first)
        binding = _BINDING[self.basic]
        while (level := binding.get(mark := self._operator(), -1)) >= least:
            self.step(2 if mark in {"<<", ">>"} else 1)
            left = self._joined(mark, left, level + 1)
        return left

    def _joined(self, mark: str, left: Pure, closer: int) -> Pure:
        """What an operator makes of its left side, and of the right one that stands here."""
        decided = mark in _SHORT and is_true(left) == (mark in {"||", "orelse"})
        right = self.passed(lambda: self._binary(closer), decided)
        if self.dry or decided:
            return left
        if mark in _SHORT:
            return is_true(right)
        if mark == "??":
            return right if left is None else left
        return operated(mark, left, right, self.language)

    def _operator(self) -> str:
        token = self.peek()
        if token.kind == NAME:
            return token.word
        if token.kind != MARK or (self.is_mark("=", 1) and token.text in {"|", "&", "*", "%", "/"}):
            return ""
        if token.text in {"<", ">"} and self.is_mark(token.text, 1):
            return token.text * 2
        return token.text

    def unary(self) -> Target:
        """What stands behind signs and casts, with what stands behind it."""
        token = self.peek()
        if token.kind == MARK and token.text in {"-", "+", "!", "~"}:
            self.step()
            value = self.value(self.unary())
            return Target(None if self.dry else _signed(token.text, value))
        if token.kind == MARK and token.text in {"++", "--"}:
            self.step()
            target = self.unary()
            return Target(self._counted(target, token.text))
        if token.kind == MARK and token.text == "&" and self.basic:  # &O101
            return self._octal()
        if self._casts():
            cast = _CASTS[self.peek(1).text]
            self.step(3)
            value = self.value(self.unary())
            return Target(None if self.dry else cast(value))
        return self._behind(self._primary())

    def _octal(self) -> Target:
        word = self.peek(1).word or self.peek(1).text
        self.step(2)
        try:
            return Target(int(word.removeprefix("o"), 8))
        except ValueError:
            raise Unclear from None

    def _casts(self) -> bool:
        is_type = self.is_mark("(") and self.peek(1).text in _CASTS and self.is_mark(")", 2)
        return is_type and not self.basic

    def _counted(self, target: Target, mark: str) -> Pure:
        if self.dry:
            return None
        value = operated(mark[0], self.value(target), 1, self.language)
        self.put(target, value)
        return value

    def _primary(self) -> Target:
        token = self.peek()
        if token.kind == TEXT:
            self.step()
            if self.basic and self.peek().word == "c":  # ","c is a letter
                self.step()
            return Target(token.text)
        if token.kind == NUMBER:
            self.step()
            return Target(int(token.text) if token.text.isdigit() else float(token.text))
        if self.is_mark("("):
            return self._bracketed()
        if self.is_mark("[") or self.is_mark("{"):
            return Target(self.elements("]" if self.is_mark("[") else "}"))
        if token.kind != NAME:
            raise Unclear
        return self._worded(token)

    def _worded(self, token: Token) -> Target:
        """What begins with a name."""
        if token.word == "new":
            self.step()
            return Target(self._new())
        if token.word == "function":
            return self._function()
        if token.text == "from" and self.peek(2).text == "in" and not self.basic:
            return Target(self._query())
        if self.is_mark("=>", 1):
            return self._lambda([token.word], 1)
        self.step()
        if token.word in {"me", "this"} and self.is_mark("."):
            self.step()
            token = self.peek()
            self.step()
        return Target(name=token.word)

    def _query(self) -> Pure:
        """C#: `from a in list select b`."""
        name = self.peek(1).word
        self.step(3)
        held = self.expression()
        if self.peek().text != "select":
            raise Unclear
        self.step()
        routine = Routine((name,), self.at)
        self.passed(self.expression, True)
        return None if self.dry else self.each("select", held, [routine])

    def _bracketed(self) -> Target:
        end = self.closing.get(self.at, 0)
        if self.tokens[end + 1 : end + 2] and self.tokens[end + 1].text == "=>":
            names = [token.word for token in self.tokens[self.at + 1 : end] if token.kind == NAME]
            return self._lambda(names, end + 1 - self.at)
        self.step()
        value = self.expression()
        self.expect(")")
        return Target(value)

    def _lambda(self, names: list[str], arrow: int) -> Target:
        self.step(arrow + 1)
        routine = Routine(tuple(names), self.at)
        if self.is_mark("{"):
            self.at = self.closing.get(self.at, len(self.tokens)) + 1
        else:
            self.passed(self.expression, True)
        return Target(routine)

    def _function(self) -> Target:
        """`function(a) { … }`, and `Function(a) …` of Visual Basic .NET."""
        self.step()
        end = self.closing.get(self.at, 0)
        if not self.is_mark("(") or not end:
            raise Unclear
        names = tuple(token.word for token in self.tokens[self.at + 1 : end] if token.kind == NAME)
        self.step(end + 1 - self.at)
        routine = Routine(names, self.at)
        if self.is_mark("{"):
            self.step(self.closing.get(self.at, len(self.tokens)) + 1 - self.at)
        elif self.basic and self.peek().kind != END:
            self.passed(self.expression, True)
        else:
            raise Unclear
        return Target(routine)

    def elements(self, closing: str) -> list[Pure]:
        """Values in brackets, of which one stands here."""
        self.step()
        found: list[Pure] = []
        while not self.is_mark(closing):
            if self.is_mark(",") or self.peek().kind == END:
                self.step()
                continue
            found.append(self.expression())
        self.step()
        return found

    def _new(self) -> Pure:
        path = ""
        while self.peek().kind == NAME or self.is_mark("."):
            path += self.peek().word or "."
            self.step()
        if self.is_mark("<"):
            while not self.is_mark(">"):
                self.step()
            self.step()
        arguments = self.elements(")") if self.is_mark("(") else []
        sizes = self.elements("]") if self.is_mark("[") else []
        if self.is_mark("{"):
            return self.elements("}")
        if self.dry:
            return None
        if sizes:
            return [0] * min(whole(sizes[0]), MAX_STEPS)
        return calls.made(path, arguments)

    def _behind(self, target: Target) -> Target:
        while True:
            if self.is_mark(".") and self.peek(1).kind == NAME:
                self.step()
                target = self._member(target, self.peek().word)
                self.step()
                if self.is_mark("<") and self.is_mark(">", 2) and self.is_mark("(", 3):
                    self.step(3)
            elif self.is_mark("[") and not self.basic:
                key = self.elements("]")
                target = Target() if self.dry else Target(None, "", self.value(target), key[0])
            elif self.is_mark("("):
                target = self._called(target)
            elif self.is_mark("++") or self.is_mark("--"):
                mark = self.peek().text
                self.step()
                before = None if self.dry else self.value(target)
                self._counted(target, mark)
                target = Target(before)
            else:
                return target

    def _member(self, target: Target, name: str) -> Target:
        if self.dry:
            return Target()
        if target.name and not self.is_variable(target.name):
            return Target(name=f"{target.name}.{name}")
        return Target(None, "", self.value(target), f".{name}")

    def _called(self, target: Target) -> Target:
        names = self._given_names()
        arguments = self.elements(")")
        if self.dry:
            return Target()
        if target.name:
            if target.name not in self.functions and self.is_variable(target.name):
                return self.element(self.value(target), arguments)
            return Target(self.function(target.name, arguments, names))
        if isinstance(target.key, str) and target.key.startswith("."):
            return Target(self.method(target.holder, target.key[1:], arguments))
        return self.element(self.value(target), arguments)

    def _given_names(self) -> list[str]:
        """The variables between the brackets that begin here; "" for what is none."""
        end = self.closing.get(self.at, self.at)
        inside = self.tokens[self.at + 1 : end]
        if any(token.kind == MARK and token.text != "," for token in inside):
            return []
        parts: list[list[Token]] = [[]]
        for token in inside:
            if token.kind == MARK:
                parts.append([])
            else:
                parts[-1].append(token)
        return [part[-1].word if part else "" for part in parts]


def _signed(sign: str, value: Pure) -> Pure:
    if sign == "!":
        return not is_true(value)
    if sign == "~":
        return ~whole(value)
    return -counted(value) if sign == "-" else value
