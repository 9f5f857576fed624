"""What is known of the variables of a text of code while it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain

from exward.webshells import objects
from exward.webshells.functions import Function, Functions
from exward.webshells.lexer import Token
from exward.webshells.sign import Sign
from exward.webshells.values import (
    DIGITS,
    FOREIGN,
    FUNCTION,
    SOURCES,
    UNKNOWN,
    Constant,
    Value,
    joined,
    merged_kinds,
)

MAX_OTHERS = 8
MAX_MEMBERS = 30
"""Members behind each other that are kept of a place: the last ones."""
MAX_SIGNS = 200
SELF = frozenset({"this", "me", "self", "mybase", "base"})
STORES = frozenset({"session", "application", "viewstate", "cache"})


ARGUMENTS = "arguments"
"""JScript: all that a function is called with."""
_DIGITS = frozenset({DIGITS})
_GIVEN = Value(kinds=frozenset({FOREIGN}))


@dataclass(slots=True)
class Scope:
    """Variables of the file and of the function that is being read."""

    shared: dict[str, Value] = field(default_factory=dict)
    own: dict[str, Value] = field(default_factory=dict)
    function: Function | None = None
    read: set[str] = field(default_factory=set)
    """Names of the function whose values were used."""


@dataclass(slots=True)
class Place:
    """Where a value stands: a variable, and the members and indices behind it."""

    base: str
    steps: list[str]
    receiver: Value | None = None
    held: Constant = None
    """What the object of the last member is, if that is a constant."""

    def then(self, name: str) -> Place:
        """The place of a member of it."""
        return Place(self.base, [*self.steps[-MAX_MEMBERS:], name])

    @property
    def path(self) -> str:
        """The members as one text."""
        return ".".join(self.steps)


class Variables(Functions):
    """Keeps the variables of the file and of the function that is being read."""

    def __init__(self, tokens: list[Token], language: str, known: objects.Known) -> None:
        super().__init__(tokens, language, known.budget)
        self.known = known
        self.scope = Scope()
        self.functions = {}
        self.starts = {}
        self.locals = {}
        self.members = set()
        self.read: set[str] = set()
        """Names whose values were used since the code is read from its beginning."""
        self.reads: dict[str, set[str]] = {}
        """The same of each function's own names."""
        self.is_stale = False
        self.passed: list[str] = []
        """The variables that are given to the call that is read; "" for what is none."""
        self.named: list[str] = []
        """The parameters that it names for what is given; "" where it names none."""
        self.filled: list[str] = []
        """The variables that it fills: `out name`."""
        self.signs: dict[tuple[str, int, str], Sign] = {}

    def note(self, sign: Sign) -> None:
        """Remember a sign."""
        key = (sign.capability, sign.line, sign.words)
        old = self.signs.get(key)
        most = MAX_SIGNS if sign.sure else MAX_SIGNS // 2
        if len(self.signs) < most and (old is None or (sign.sure and not old.sure)):
            self.signs[key] = sign

    def lookup(self, name: str) -> Value | None:
        """What is known of a variable; None if it is not one of the code."""
        if name in self.scope.own:
            return self.scope.own[name]
        return self.scope.shared.get(name)

    def value_of(self, name: str) -> Value:
        """What a name stands for: a variable, or something that every page has."""
        (self.scope.read if name in self.scope.own else self.read).add(name)
        return self.unread_value(name)

    def _grew(self, read: set[str], name: str, old: Value, new: Value) -> None:
        """If what was read of a name is not all, the code has to be read once more."""
        if name in read and not (new.taint <= old.taint and new.kinds <= old.kinds):
            self.is_stale = self.is_stale or bool(new.taint - old.taint - _DIGITS)
            self.is_stale = self.is_stale or not new.kinds <= old.kinds

    def unread_value(self, name: str) -> Value:
        """The same where the value is not used, as that of what is assigned to."""
        found = self.lookup(name)
        if found is not None:
            return found
        root = self.known.root(name, self.language)
        if name not in self.functions:
            return root
        result = self.functions[name].result
        return joined(result, root) if root.kinds else result  # a property may be of another class

    def _kept(self, place: Place, key: str) -> Value | None:
        """What stands in a dictionary, the session or the cache under a key."""
        name = f"{place.base}:{key}"
        self.read.add(name)
        return self.lookup(name)

    def _enter(self, name: str) -> None:
        self.scope.function = function = self.functions.get(name)
        self.scope.own = self.locals.setdefault(name, {})
        self.scope.read = self.reads.setdefault(name, set())
        if function is not None:
            given = _GIVEN if function.is_property else UNKNOWN
            for parameter in chain(function.parameters, *function.overloads, (ARGUMENTS,)):
                self.scope.own.setdefault(parameter, given)

    def _leave(self) -> None:
        self.scope.function = None
        self.scope.own = {}

    def _returned(self, value: Value) -> None:
        function = self.scope.function
        if function is not None:
            self._give_result(function, value)

    def _give_result(self, function: Function, value: Value) -> None:
        result = joined(function.result, value)
        self._grew(self.read, function.name, function.result, result)
        function.result = result

    def _set(self, name: str, value: Value) -> None:
        is_own = name in self.scope.own
        names = self.scope.own if is_own else self.scope.shared
        read = self.scope.read if is_own else self.read
        self._grew(read, name, names.get(name, UNKNOWN), value)
        names[name] = value

    def _named_function(self, name: str) -> Value | None:
        """What stands for a function of the code that is named and not called."""
        function = self.functions.get(name)
        if function is None or function.is_property or self.lookup(name) is not None:
            return None
        return Value(kinds=frozenset({f"{FUNCTION}{name}"}))

    def _declare(self, name: str) -> None:
        """A variable of the function that is being read, if one is."""
        if self.scope.function is not None:
            self.scope.own.setdefault(name, UNKNOWN)

    def _assign(self, name: str, value: Value) -> None:
        function = self.scope.function
        if function is not None and name == function.name and self.basic:
            self._give_result(function, value)
            return
        self._merge(self.scope.own if name in self.scope.own else self.scope.shared, name, value)

    def _merge(self, names: dict[str, Value], name: str, value: Value) -> None:
        """Assign, and keep who could choose what stood there before."""
        old = names.get(name)
        is_shared = names is self.scope.shared
        self._grew(self.read if is_shared else self.scope.read, name, old or UNKNOWN, value)
        if old is None and is_shared:
            root = self.known.root(name, self.language)
            old = root if root.kinds or root.taint else None
        if old is None:
            names[name] = value
        else:
            names[name] = Value(
                value.constant,
                old.taint | value.taint,
                merged_kinds(old.kinds, value.kinds),
                value.anchored and (old.anchored or not old.taint & SOURCES),
                value.key or old.key,
                value.prefix,
                others_of(old, value),
            )

    def _fill(self, base: str, arguments: list[Value]) -> None:
        old = self.lookup(base)
        filling = joined(*arguments)
        if old is None or not filling.taint - old.taint:
            return
        begun = old.constant is not None or bool(old.prefix)
        anchored = old.anchored and (begun or filling.anchored)
        self._set(base, Value(None, old.taint | filling.taint, old.kinds, anchored, old.key))


def others_of(old: Value, new: Value) -> tuple[str, ...]:
    """The texts that a variable held before; a longer text that goes on with one replaces it."""
    texts = dict.fromkeys([*old.others, *new.others])
    if isinstance(old.constant, str) and isinstance(new.constant, str):
        if not new.constant.startswith(old.constant) and old.constant != new.constant:
            texts[old.constant] = None
    elif isinstance(old.constant, str) and len(old.constant) > 3:
        texts[old.constant] = None
    return tuple(texts)[-MAX_OTHERS:]
