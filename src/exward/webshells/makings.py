"""Reads what makes things: `new`, declarations with a type, functions without a name."""

from __future__ import annotations

from abc import ABC, abstractmethod

from exward.webshells.blocks import JSCRIPT
from exward.webshells.call import Call
from exward.webshells.functions import Function
from exward.webshells.known_types import kinds_of_type
from exward.webshells.lexer import END, NAME
from exward.webshells.values import UNKNOWN, Value, listed
from exward.webshells.variables import Place, Variables

WORD_OPERATORS = frozenset(
    {"and", "or", "xor", "mod", "is", "not", "like", "andalso", "orelse", "eqv", "imp",
     "instanceof"}
)  # fmt: skip

Operand = tuple[Value, Place | None]


class Makings(Variables, ABC):
    """Reads the parts of an expression that make something new."""

    @abstractmethod
    def _expression(self) -> Value:
        """Read one expression."""

    @abstractmethod
    def _arguments(self, closing: str) -> list[Value]:
        """Values in brackets."""

    @abstractmethod
    def _postfix(self, value: Value, place: Place | None) -> Operand:
        """What stands behind an operand: members, indices, calls."""

    @abstractmethod
    def _made(self, call: Call) -> Value:
        """The object that `new` makes."""

    def _new(self) -> Value:
        line = self._peek().line
        self._step()
        path = self._type_path()
        arguments: list[Value] = []
        if self._is("("):
            arguments = self._arguments(")")
        while self._is("["):
            self._arguments("]")
        if self._word() in {"with", "from"} and self._is("{", 1):
            self._step()
        if self._is("{"):
            self._step()
            arguments.append(self._initialised())
        made = self._made(Call(path, "new", UNKNOWN, arguments, line))
        return self._postfix(made, None)[0]

    def _type_path(self) -> str:
        parts: list[str] = []
        while self._peek().kind == NAME or self._is("."):
            if self._peek().kind == NAME:
                if parts and self.tokens[self.at - 1].text != ".":
                    break
                parts.append(self._peek().text)
            self._step()
        depth = 0
        while self._is("<") or (depth > 0 and self.at < len(self.tokens) and not self._is("(")):
            depth += self._is("<") - self._is(">")
            self._step()
        return ".".join(parts).lower()

    def _initialised(self) -> Value:
        """What stands in `{…}` behind a new object: members, or the elements of a list."""
        values: list[Value] = []
        while self.at < len(self.tokens) and not self._is("}"):
            before = self.at
            if self._is(",") or self._is(".") or self._peek().kind == END:
                self._step()
                continue
            if self._peek().kind == NAME and self._is("=", 1):
                self.at += 2
            values.append(self._expression())
            if self.at == before:
                self._step()
        self._step()
        return values[0] if len(values) == 1 else listed(values)

    def _is_declared(self) -> bool:
        """C#: a type and then a name, `byte[] data`, `List<string> names`."""
        if self._peek(1).kind == NAME and self._word(1) not in WORD_OPERATORS | {"in", "as"}:
            return self._peek(2).text in {"=", ";", ",", ")", "in"}
        return self._is("[", 1) and self._is("]", 2) and self._peek(3).kind == NAME

    def _declared(self) -> Operand:
        kinds = kinds_of_type(self._peek().text)
        is_byte = self._word() == "byte"
        self._step()
        if self._is("["):
            self.at += 2
            kinds |= {"bytes"} if is_byte else frozenset()
        name = self._word()
        self._step()
        self._declare(name)
        old = self.lookup(name)
        if kinds and old is not None:
            merged = Value(old.constant, old.taint, old.kinds | kinds, old.anchored, old.key)
            self._set(name, merged)
        elif kinds:
            self._assign(name, Value(kinds=kinds))
        return self.lookup(name) or UNKNOWN, Place(name, [])

    def _unnamed_function(self) -> Operand:
        self._step()
        if self._peek().kind == NAME:
            self._step()
        parameters = self._parameters(self.at)
        if self._is("("):
            self.at = self._matching(self.at) + 1
        made = self._function_value(self.at, parameters)
        if parameters:
            return made, None
        given = self._given_at(self.at)
        return given._replace(kinds=given.kinds | made.kinds), None

    def _given_at(self, at: int) -> Value:
        """What a function gives at once that takes nothing: `{ return …; }`, an expression."""
        returns = self._is("{") and self._word(1) == "return"
        if not returns and (not self.basic or self._peek().kind == END):
            return UNKNOWN
        self.at += 2 if returns else 0
        value = self._expression()
        self.at = at if returns else self.at
        return value._replace(constant=None)

    def _function_value(self, at: int, parameters: list[str]) -> Value:
        """What stands for a function without a name: it is called where it stands, or later."""
        name = f"function {at}"
        if parameters and name not in self.functions:
            made = Function(name, parameters, is_lambda=True)
            made.code, made.body = self, at + self._is("=>", at - self.at)
            self.functions[name] = made
        return Value(kinds=frozenset({f"function:{name}"})) if parameters else UNKNOWN

    def _is_constructor(self) -> bool:
        """JScript: `Function(text)` makes a function of a text."""
        if not self._is("(", 1) or self.language != JSCRIPT:
            return False
        end = self._matching(self.at + 1) + 1
        return end < len(self.tokens) and self.tokens[end].text != "{"
