"""What stands in expressions of pure code: variables, elements and members, and what is called."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import NamedTuple

from exward.webshells.blocks import JSCRIPT, VB
from exward.webshells.decoding import calls
from exward.webshells.decoding.values import (
    Letter,
    Pure,
    Routine,
    Thing,
    Unclear,
    is_true,
    said,
    whole,
)
from exward.webshells.functions import Function
from exward.webshells.lexer import END, MARK, Token

MAX_STEPS = 40_000
"""In one call."""
_WORDS: dict[str, Pure] = {
    "true": True, "false": False, "null": None, "nothing": None, "empty": None, "vbnullstring": "",
    "vbcrlf": "\r\n", "vblf": "\n", "vbcr": "\r", "vbtab": "\t", "string.empty": "",
    "undefined": None,
}  # fmt: skip
_CONVERTED = frozenset({"directcast", "ctype", "trycast"})
_MAKERS = frozenset({"createobject", "server.createobject", "activexobject"})
_EACH = frozenset({"select", "where", "aggregate", "convertall", "map", "array.convertall"})
_MEMBERS = frozenset({"length", "count", "nodetypedvalue"})
_NEVER = frozenset({"now", "date", "time", "timer", "rnd", "request", "response", "server",
                    "session", "application", "me", "err"})  # fmt: skip
"""Names of Basic that are never nothing, though no code assigns to them."""


class Target(NamedTuple):
    """What stands in an expression: a name, an element or member of something, or a value."""

    value: Pure = None
    name: str = ""
    """Of a variable, or the path of a function."""
    holder: Pure = None
    key: Pure = None
    """The element or member of the holder."""


class PureTargets(ABC):
    """Knows the variables of pure code, and calls what it calls."""

    tokens: list[Token]
    closing: dict[int, int]
    language: str
    functions: dict[str, Function]
    outer: Callable[[str], Pure]

    def __init__(self) -> None:
        self.at = 0
        self.steps = 0
        self.calls = 0
        self.depth = 0
        self.dry = 0
        """Above 0, what is read is passed over."""
        self.frame: dict[str, Pure] = {}
        self.lent: dict[str, Pure] = {}
        """Variables of the page that were read, as they were."""

    @abstractmethod
    def own(self, function: Function, arguments: list[Pure], names: list[str]) -> Pure:
        """Call a function of the page; `names`: the variables that are given."""

    @abstractmethod
    def applied(self, routine: Routine, arguments: list[Pure]) -> Pure:
        """Call a function without a name."""

    @property
    def basic(self) -> bool:
        """Whether the language is a Basic."""
        return self.language == VB

    def peek(self, ahead: int = 0) -> Token:
        """The token that stands here, or behind."""
        index = self.at + ahead
        return self.tokens[index] if 0 <= index < len(self.tokens) else Token(END, "", 0)

    def is_mark(self, text: str, ahead: int = 0) -> bool:
        """Whether a mark stands here."""
        token = self.peek(ahead)
        return token.kind == MARK and token.text == text

    def step(self, count: int = 1) -> None:
        """Go on, as long as there is work left."""
        self.at += count
        self.steps += 1
        if self.steps > MAX_STEPS or self.at > len(self.tokens):
            raise Unclear

    def expect(self, text: str) -> None:
        """Pass over a mark that has to stand here."""
        if not self.is_mark(text):
            raise Unclear
        self.step()

    def is_variable(self, name: str) -> bool:
        """Whether a name stands for a variable that holds something."""
        if name in self.frame:
            return True
        if "." in name or name in self.functions or name in calls.FUNCTIONS:
            return False
        try:
            return self.lend(name) is not None
        except Unclear:
            return False

    def lend(self, name: str) -> Pure:
        """What a variable of the page is; it is a variable here from now on."""
        value = self.outer(name)
        if value is not None:
            self.frame[name] = value
            self.lent[name] = [*value] if isinstance(value, list) else value
        return value

    def value(self, target: Target) -> Pure:
        """What stands there."""
        if self.dry:
            return None
        if target.name:
            return self._named(target.name)
        if target.key is None:
            return target.value
        holder, key = target.holder, target.key
        if isinstance(key, str) and key.startswith("."):
            name = key[1:]
            return (
                self.method(holder, name, [])
                if self._is_call(holder, name)
                else calls.member(holder, name)
            )
        if isinstance(holder, Thing) and isinstance(key, str):
            return calls.member(holder, key)
        if not isinstance(holder, str | list):
            raise Unclear
        index = whole(key)
        if not 0 <= index < len(holder):
            raise Unclear
        return Letter(holder[index]) if isinstance(holder, str) else holder[index]

    def _is_call(self, holder: Pure, name: str) -> bool:
        """Basic calls what takes nothing without brackets."""
        is_held = isinstance(holder, Thing) and name in holder.members
        return self.basic and name not in _MEMBERS and not is_held

    def _named(self, name: str) -> Pure:
        if name in self.frame:
            return self.frame[name]
        if name in _WORDS:
            return _WORDS[name]
        if self.basic and name in self.functions:
            return self.own(self.functions[name], [], [])
        if "." in name:
            return calls.named(name)
        if name in _NEVER:
            raise Unclear
        return self.lend(name)

    def changed(self) -> dict[str, Pure]:
        """The variables that are not what they were outside."""
        gone = object()
        return {
            name: value
            for name, value in self.frame.items()
            if self.lent.get(name, gone) != value and not isinstance(value, Routine)
        }

    def put(self, target: Target, value: Pure) -> None:
        """Assign."""
        if self.dry:
            return
        holder, key = target.holder, target.key
        if target.name:
            self.frame[target.name] = value
        elif isinstance(holder, list) and not isinstance(key, str | list | Thing | Routine | None):
            index = whole(key)
            if not 0 <= index < len(holder):
                raise Unclear
            holder[index] = value
        elif isinstance(holder, Thing) and isinstance(key, str) and key.startswith("."):
            holder.members[key[1:]] = value
        else:
            raise Unclear

    def element(self, held: Pure, arguments: list[Pure]) -> Target:
        """An element of something, or what a function gives that a variable holds."""
        if isinstance(held, Routine):
            return Target(self.applied(held, arguments))
        if len(arguments) != 1:
            raise Unclear
        return Target(None, "", held, arguments[0])

    def function(self, path: str, arguments: list[Pure], names: list[str]) -> Pure:
        """Call a function by its path."""
        own = self.functions.get(path)
        if own is not None:
            return self.own(own, arguments, names)
        if path in _MAKERS:
            return calls.com(said(arguments[0]))
        if path in _CONVERTED:
            return arguments[0]
        if path == "eval" and len(arguments) == 1:
            raise Unclear
        if path in _EACH:
            return self.each("select", arguments[0], arguments[1:])
        if any(isinstance(one, Routine) for one in arguments):
            raise Unclear
        return calls.called(path, arguments)

    def method(self, holder: Pure, name: str, arguments: list[Pure]) -> Pure:
        """Call a method."""
        try:
            if name in _EACH and any(isinstance(one, Routine) for one in arguments):
                return self.each(name, holder, arguments)
            if isinstance(holder, Thing):
                return calls.of_thing(holder, name, arguments)
            if isinstance(holder, list):
                return calls.of_list(holder, name, arguments)
            if self.language == JSCRIPT and name == "substring" and len(arguments) > 1:
                return said(holder)[whole(arguments[0]) : whole(arguments[1])]
            if name == "tostring" and not arguments:
                return said(holder)
            return calls.of_text(said(holder), name, arguments)
        except (IndexError, ValueError, TypeError):
            raise Unclear from None

    def each(self, name: str, holder: Pure, arguments: list[Pure]) -> Pure:
        """Call a function for each element of a list or text."""
        routine = arguments[-1]
        if not isinstance(routine, Routine) or not isinstance(holder, str | list):
            raise Unclear
        held: list[Pure] = [Letter(one) for one in holder] if isinstance(holder, str) else holder
        if name == "aggregate":
            total = arguments[0]
            for one in held:
                total = self.applied(routine, [total, one])
            return total
        results = [self.applied(routine, [one, at]) for at, one in enumerate(held)]
        if name == "where":
            return [one for one, keeps in zip(held, results, strict=True) if is_true(keeps)]
        return results
