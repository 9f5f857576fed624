"""What is known of the variables of a text of code while it is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from exward.webshells import objects
from exward.webshells.functions import Function, Functions
from exward.webshells.lexer import Token
from exward.webshells.sign import Sign
from exward.webshells.values import FOREIGN, FUNCTION, SOURCES, UNKNOWN, Value, joined, merged_kinds

MAX_OTHERS = 8
MAX_MEMBERS = 30
"""Members behind each other that are kept of a place: the last ones."""
MAX_SIGNS = 200
SELF = frozenset({"this", "me", "self", "mybase", "base"})
STORES = frozenset({"session", "application", "viewstate", "cache"})


_GIVEN = Value(kinds=frozenset({FOREIGN}))


@dataclass(slots=True)
class Scope:
    """Variables of the file and of the function that is being read."""

    shared: dict[str, Value] = field(default_factory=dict)
    own: dict[str, Value] = field(default_factory=dict)
    function: Function | None = None


@dataclass(slots=True)
class Place:
    """Where a value stands: a variable, and the members and indices behind it."""

    base: str
    steps: list[str]
    receiver: Value | None = None

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
        found = self.lookup(name)
        if found is not None:
            return found
        root = self.known.root(name, self.language)
        if name not in self.functions:
            return root
        result = self.functions[name].result
        return joined(result, root) if root.kinds else result  # a property may be of another class

    def _enter(self, name: str) -> None:
        self.scope.function = self.functions.get(name)
        self.scope.own = self.locals.setdefault(name, {})
        if self.scope.function is not None:
            for parameter in self.scope.function.parameters:
                given = _GIVEN if self.scope.function.is_property else UNKNOWN
                self.scope.own.setdefault(parameter, given)

    def _leave(self) -> None:
        self.scope.function = None
        self.scope.own = {}

    def _returned(self, value: Value) -> None:
        function = self.scope.function
        if function is not None:
            function.result = joined(function.result, value)

    def _set(self, name: str, value: Value) -> None:
        if name in self.scope.own:
            self.scope.own[name] = value
        else:
            self.scope.shared[name] = value

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
            function.result = joined(function.result, value)
            return
        self._merge(self.scope.own if name in self.scope.own else self.scope.shared, name, value)

    def _merge(self, names: dict[str, Value], name: str, value: Value) -> None:
        """Assign, and keep who could choose what stood there before."""
        old = names.get(name)
        if old is None and names is self.scope.shared:
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
