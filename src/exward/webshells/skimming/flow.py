"""Follows what people type into a page from where a script reads it to where it goes.

Read loosely: a name stands for all variables of that name, and a value that is made of a password
is one. Names of properties and functions are those of the DOM, Fetch and XMLHttpRequest standards
(WHATWG) and of jQuery.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from exward.webshells.skimming.statements import Code, Statement
from exward.webshells.skimming.tokens import Kind, Token

MAX_PASSES = 6
MAX_LOOKS = 2_000_000
"""How often a token may be looked at in one script."""
MAX_ARGUMENTS = 100
MAX_MEMBERS = 50
MAX_BRACKETED = 1_000


class Leak(NamedTuple):
    """Where what was typed goes. `keeps`: it stays in the browser; `targets`: texts around it."""

    line: int
    keeps: bool
    targets: tuple[str, ...]


_FIELD = re.compile(r"pass(?:word|wd|code)?(?:text|box|field|input)?|passw|pwd|psw", re.IGNORECASE)
_ASKED = re.compile(
    r"[#.]?\b(?:pass(?:word|wd)?(?:text)?|pwd)\b|type\s*=\s*\W?password|^\s*input\b|^\s*form\b",
    re.IGNORECASE,
)
_FINDERS = frozenset(
    {"getElementById", "getElementsByName", "getElementsByTagName", "getElementsByClassName",
     "querySelector", "querySelectorAll", "gbid", "namedItem", "$", "jQuery", "byId", "find"}
)  # fmt: skip
_KEYS = frozenset({"key", "keyCode", "which", "charCode"})
_KEY_EVENTS = re.compile(r"^(?:on)?key(?:down|press|up)$")
_TYPED = frozenset({"target", "currentTarget", "srcElement", "elements", "this"})
_EVENTS = re.compile(r"^(?:on)?(?:key(?:down|press|up)|input|change|blur|submit|paste)$")
_WHOLE_FORM = frozenset({"FormData", "serialize", "serializeArray"})
_SENDERS = frozenset(
    {"fetch", "sendBeacon", "ajax", "axios", "send", "post", "get", "getJSON", "getScript",
     "importScripts", "postMessage", "open"}
)  # fmt: skip
_KEEPERS = frozenset({"setItem"})
_LEADING = frozenset({"src", "href", "action", "location", "formAction"})
_ASSIGNED = _LEADING | {"cookie"}
_SETTERS = frozenset({"setAttribute", "attr", "prop", "replace", "assign"})
_ENDS = _SENDERS | _KEEPERS | _SETTERS
_EVERYTHING = frozenset(
    {"document", "window", "self", "this", "location", "navigator", "top", "parent", "globalThis",
     "var", "let", "const", "localStorage", "sessionStorage", "JSON", "Math", "console"}
)  # fmt: skip
_GROWING = frozenset({"push", "append", "unshift", "concat", "set", "add"})
_ADDRESS = re.compile(
    r"(?:https?:|wss?:)?//[\w.\[\]-]+[^\s]*|[\w./~-]*/[\w./~?=&%-]*|[\w-]+\.\w+\?"
)


class _Script:
    """What is known of one script while it is read again and again."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.typed: set[str] = set()
        """Names that stand for what was typed, or for the fields it is typed into."""
        self.texts: dict[str, set[str]] = {}
        words = [one.value for part in code.statements for one in part.tokens]
        self.hears_keys = any(map(_KEY_EVENTS.match, words))
        self.hears = any(map(_EVENTS.match, words))
        self.looks_left = MAX_LOOKS

    def learn(self) -> None:
        """Find out which names hold what was typed."""
        for _ in range(MAX_PASSES):
            before = len(self.typed)
            for statement in self.code.statements:
                self._assigned(statement)
                self._called(statement)
            if len(self.typed) == before or self.looks_left < 0:
                return

    def _assigned(self, statement: Statement) -> None:
        tokens = statement.tokens
        for at, token in enumerate(tokens):
            if token.kind is Kind.SIGN and token.value in {"=", "+=", "return"}:
                name, given = _name_before(tokens, at), _given(statement, at)
                self._give(name, given)
        if tokens[0].value == "return" and self.holds(tokens):
            self.typed.update({statement.inside} - {""})

    def _give(self, name: str, given: Sequence[Token]) -> None:
        if not name or self.looks_left < 0:
            return
        if self.holds(given):
            self.typed.add(name)
        self.looks_left -= len(given)
        self.texts.setdefault(name, set()).update(
            one.value for one in given if one.kind is Kind.TEXT and _ADDRESS.search(one.value)
        )

    def _called(self, statement: Statement) -> None:
        """What is given to a function of the script is in its parameters."""
        tokens = statement.tokens
        for at, arguments in _calls(statement):
            name = tokens[at].value
            for number, given in enumerate(arguments):
                if not self.holds(given):
                    continue
                parameters = self.code.parameters.get(name, ())
                self.typed.update(parameters[number : number + 1])
                if name in _GROWING and at > 1 and tokens[at - 1].value == ".":
                    self.typed.update({_base(tokens, at - 2)} - _EVERYTHING)

    def holds(self, tokens: Sequence[Token]) -> bool:
        """Whether an expression has in it what was typed; no more when it was too much work."""
        self.looks_left -= len(tokens)
        if self.looks_left < 0:
            return False
        return any(self._is_typed(tokens, at) for at in range(len(tokens)))

    def _is_typed(self, tokens: Sequence[Token], at: int) -> bool:
        token = tokens[at]
        if token.kind is not Kind.NAME:
            return _is_asked_for(tokens, at)
        if _is_counted(tokens, at):
            return False
        if token.value in self.typed or token.value in _WHOLE_FORM:
            return not _is_key_of(tokens, at)
        if not _is_dot(tokens, at - 1):
            return False
        if token.value in _KEYS:
            return self.hears_keys
        if token.value == "value":
            return self.hears and not _TYPED.isdisjoint(_chain(tokens, at))
        return _FIELD.fullmatch(token.value) is not None


def leaks(code: Code) -> tuple[tuple[Leak, ...], bool]:
    """Every place where what was typed is sent or kept; and whether all of the script was read."""
    script = _Script(code)
    script.learn()
    opened = tuple(_opened(code))
    is_whole = script.looks_left >= 0
    script.looks_left = MAX_LOOKS
    found = [one for part in code.statements for one in _leaks(script, part, opened)]
    return tuple(found), is_whole and script.looks_left >= 0


def _opened(code: Code) -> Iterator[str]:
    """Addresses that requests are opened for."""
    for statement in code.statements:
        if any(one.value == "open" for one in statement.tokens):
            for one in statement.tokens:
                if one.kind is Kind.TEXT and _ADDRESS.search(one.value):
                    yield one.value


def _leaks(script: _Script, statement: Statement, opened: tuple[str, ...]) -> Iterator[Leak]:
    tokens = statement.tokens
    if script.looks_left < 0:
        return
    for at, arguments in _calls(statement):
        name = tokens[at].value
        if name not in _ENDS:
            continue
        told = [one for given in arguments for one in given]
        sets = name in _SETTERS and (name in {"replace", "assign"} or _names_address(arguments))
        sends = name in _SENDERS or (sets and _leads(tokens, at))
        if (sends or name in _KEEPERS) and script.holds(told):
            around = opened if name == "send" else ()
            yield Leak(tokens[at].line, not sends, (*_targets(script, tokens), *around))
    for at, token in enumerate(tokens):
        if token.kind is Kind.SIGN and token.value in {"=", "+="} and at:
            name = tokens[at - 1].value
            given = _given(statement, at)
            if name in _ASSIGNED and script.holds(given):
                yield Leak(token.line, name == "cookie", _targets(script, given))


def _leads(tokens: Sequence[Token], at: int) -> bool:
    """Whether `replace` and `assign` are those of `location`."""
    is_own = tokens[at].value in {"replace", "assign"}
    return not is_own or "location" in _chain(tokens, at)


def _names_address(arguments: Sequence[Sequence[Token]]) -> bool:
    first = arguments[0] if arguments else ()
    return len(first) == 1 and first[0].value in _LEADING


def _targets(script: _Script, tokens: Sequence[Token]) -> tuple[str, ...]:
    """The addresses in an expression, and in what its names were given."""
    found = [one.value for one in tokens if one.kind is Kind.TEXT and _ADDRESS.search(one.value)]
    for one in tokens:
        if one.kind is Kind.NAME:
            found += sorted(script.texts.get(one.value, ()))
    return tuple(dict.fromkeys(found))


def _is_asked_for(tokens: Sequence[Token], at: int) -> bool:
    """Whether a text is given to a function that finds a field for a password, or all fields."""
    if tokens[at].kind is not Kind.TEXT or at < 2 or tokens[at - 1].value != "(":
        return False
    is_asked = tokens[at - 2].value in _FINDERS and _ASKED.search(tokens[at].value) is not None
    return is_asked and not _is_counted(tokens, at + 1)


def _is_counted(tokens: Sequence[Token], at: int) -> bool:
    """Whether of what stands at `at` only the length is asked for."""
    for _ in range(MAX_MEMBERS):
        if not _is_dot(tokens, at + 1) or at + 2 >= len(tokens):
            break
        at += 2
    return at < len(tokens) and tokens[at].value == "length"


def _is_dot(tokens: Sequence[Token], at: int) -> bool:
    return 0 <= at < len(tokens) and tokens[at].value == "." and tokens[at].kind is Kind.SIGN


def _is_key_of(tokens: Sequence[Token], at: int) -> bool:
    """Whether a name only says how a member of an object is called (`{password: 1}`)."""
    return at + 1 < len(tokens) and tokens[at + 1].value == ":" and not _is_dot(tokens, at - 1)


def _chain(tokens: Sequence[Token], at: int) -> set[str]:
    """Names of the members that lead to the one at `at`: `e.target.value` has `e`, `target`."""
    names: set[str] = set()
    while at >= 2 and _is_dot(tokens, at - 1) and len(names) < MAX_MEMBERS:
        at -= 2
        if at > 0 and tokens[at].value in {"]", ")"}:
            at = _before(tokens, at)
        names.add(tokens[at].value)
    return names


def _base(tokens: Sequence[Token], at: int) -> str:
    for _ in range(MAX_MEMBERS):
        if at < 2 or not _is_dot(tokens, at - 1):
            break
        at -= 2
    return tokens[at].value if at >= 0 else ""


def _before(tokens: Sequence[Token], at: int) -> int:
    """What stands before the bracket that is closed at `at`."""
    depth = 0
    for before in range(at, max(at - MAX_BRACKETED, -1), -1):
        value = tokens[before].value
        depth += (value in {"]", ")"}) - (value in {"[", "("})
        if depth == 0:
            return max(before - 1, 0)
    return 0


def _name_before(tokens: Sequence[Token], at: int) -> str:
    """The variable that is given a value; of `window.x` and the like the member."""
    end = at - 1
    if end >= 0 and tokens[end].value == "]":
        end = _before(tokens, end)
    if end < 0 or tokens[end].kind is not Kind.NAME:
        return ""
    base = _base(tokens, end)
    return tokens[end].value if base in _EVERYTHING else base


def _calls(statement: Statement) -> Iterator[tuple[int, list[Sequence[Token]]]]:
    """Where functions are called, with the arguments."""
    tokens, ends = statement.tokens, statement.ends
    for at, token in enumerate(tokens[:-1]):
        if token.kind is Kind.NAME and tokens[at + 1].value == "(":
            arguments: list[Sequence[Token]] = []
            start = at + 2
            while start < len(tokens) and len(arguments) < MAX_ARGUMENTS:
                arguments.append(tokens[start : ends[start]])
                if ends[start] >= len(tokens) or tokens[ends[start]].value != ",":
                    break
                start = ends[start] + 1
            yield at, arguments


def _given(statement: Statement, at: int) -> Sequence[Token]:
    """What stands behind the sign or word at `at`."""
    tokens = statement.tokens
    return tokens[at + 1 : statement.ends[at + 1]] if at + 1 < len(tokens) else ()
