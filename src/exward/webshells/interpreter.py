"""Reads server-side code loosely, and follows what a request can choose to where it is used.

No grammar is complete here: what is not understood is passed over, and never an error. Statements
are read in order, three times, so that what a later one says of a variable is known in a loop and
in functions that stand before it. Conditions are not followed: what may happen counts.
"""

from __future__ import annotations

import contextlib
import re

from exward.webshells import doors, objects, results
from exward.webshells.aliases import opened_types, without_aliases
from exward.webshells.blocks import CSHARP
from exward.webshells.call import Call
from exward.webshells.cursor import Stopped
from exward.webshells.deeds.registry import looks
from exward.webshells.expressions import key_of
from exward.webshells.known_types import STICKY
from exward.webshells.lexer import tokens
from exward.webshells.own_calls import EACH, OwnCalls
from exward.webshells.sign import Capability, Sign
from exward.webshells.values import (
    DECODED,
    NONE,
    SOURCES,
    UNKNOWN,
    Names,
    Value,
    functions_in,
    joined,
)
from exward.webshells.variables import STORES, Place

PASSES = 3
MAX_NESTED = 5
MAX_CARRIED = 30
MAX_EXPRESSION = 1_000
COST = 8
"""Letters of code that are read for the work of one step."""
CALL = 15
"""Steps that it costs to look at a call."""
BEGINNING = 100
"""Steps that it costs to begin with a text of code."""
_CARRIED = re.compile(r"<%|runat\s*=\s*[\"']?server|msxsl:script", re.IGNORECASE)
_KEEPING = frozenset({"add", "insert", "set", "addorupdate"})
_GIVING = frozenset({"item", "get"})


class Interpreter(OwnCalls):
    """Reads the code of one language of one file."""

    def __init__(self, code: str, language: str, known: objects.Known, depth: int = 0) -> None:
        cut = tokens(code, language)
        super().__init__(without_aliases(cut), language, known)
        self.opened = opened_types(cut) if language == CSHARP else ()
        self.depth = depth
        self.carried = 0
        self.became: Names = NONE
        self.failed, self.decoded = {}, {}

    def run(self) -> tuple[Sign, ...]:
        """The signs in the code, in order of lines."""
        with contextlib.suppress(Stopped):  # what was found until then counts
            self._read()
        return tuple(sorted(self.signs.values(), key=lambda sign: sign.line))

    def _read(self) -> None:
        self._note_functions()
        for _ in range(PASSES):
            before = self._noted()
            for read in (self.read, *self.reads.values()):
                read.clear()
            self.is_stale = False
            self.at = 0
            self.scope.own, self.scope.function = {}, None
            self.withs.clear()
            self._forget_constants()
            self._statements()
            if not self.is_stale and self._noted() == before:
                break

    def nested(self, code: str, line: int) -> Value:
        """Read code that this code runs: its signs are at the line that runs it."""
        if self.depth >= MAX_NESTED or not code.strip():
            return UNKNOWN
        self.budget.spend(len(code) // COST + BEGINNING)
        inner = Interpreter(code, self.language, self.known, self.depth + 1)
        inner.scope.shared = dict(self.scope.shared)
        inner.functions = dict(self.functions)
        for sign in inner.run():
            self.note(Sign(sign.capability, line, sign.words, sign.sure))
        for name, value in inner.scope.shared.items():
            self.scope.shared.setdefault(name, value)
        for name, function in inner.functions.items():
            self.functions.setdefault(name, function)
        return inner.value() if len(code) < MAX_EXPRESSION else UNKNOWN

    def value(self) -> Value:
        """What the code gives if it is one expression."""
        self.at = 0
        with contextlib.suppress(Stopped):
            value = self._expression()
            if self.at >= len(self.tokens):
                return value
        return UNKNOWN

    def _noted(self) -> int:
        """How much the page is known to write and send, which what stands before may concern."""
        return len(self.known.written) + len(self.known.mailed)

    def _forget_constants(self) -> None:
        for names in (self.scope.shared, *self.locals.values()):
            for name, value in names.items():
                if value.constant is not None:
                    names[name] = value._replace(constant=None, prefix="", others=())
        for function in self.functions.values():
            self._recall(function)

    def _assign(self, name: str, value: Value) -> None:
        if isinstance(value.constant, str) and "<" in value.constant:
            self._charge(value)
            self._carries(value.constant, DECODED in value.kinds)
        if "eval" in value.kinds and value.constant is None and not value.taint & SOURCES:
            words = "hides eval behind another name"
            self.note(Sign(Capability.RUN_CODE, self.line, words))
        super()._assign(name, value)

    def _carries(self, text: str, is_hidden: bool) -> None:
        """Judge a page or style sheet that stands in a text."""
        if self.carried >= MAX_CARRIED or not _CARRIED.search(text):
            return
        self.carried += 1
        self.budget.spend(len(text) // COST)
        if is_hidden:
            self.note(Sign(Capability.RUN_CODE, self.line, "hides a page in a text"))
        for sign in self.known.inner(text):
            if sign.sure:
                words = f"carries a page that {sign.words}"
                self.note(Sign(sign.capability, self.line, words))

    def _combined(self, mark: str, left: Value, right: Value) -> Value:
        if mark in doors.COMPARING and (sign := doors.compared(left, right, self.line)):
            self.note(sign)
        return super()._combined(mark, left, right)

    def becomes(self, kinds: Names) -> None:
        """The object of the call that is looked at is of these kinds from now on."""
        self.became |= kinds

    def _remember(self, base: str) -> None:
        """Let a variable be what its object became."""
        if self.became:
            old = self.lookup(base)
            if old is not None:
                self._set(base, old._replace(kinds=old.kinds | self.became))
            self.became = NONE

    def _look(self, call: Call) -> Value | None:
        """Note what a call does; its value if that is special."""
        concerned = looks(call.word, call.receiver.kinds)
        found = [value for look in concerned if (value := look(self, call)) is not None]
        if len(found) < 2:
            return found[0] if found else None
        return joined(*found)

    def _store(self, place: Place | None, value: Value) -> None:
        """Assign to a variable, or let an object know what a property of it became."""
        if place is None:
            return
        if place.steps and place.base not in STORES:
            self._property(place, value)
        if not place.steps or place.base in STORES:
            self._assign(f"{place.base}:{place.path}" if place.steps else place.base, value)
            own = self.functions.get(place.base)
            if own is not None and own.is_property and not place.steps:
                self._own_call(own, [value])
            return
        old = self.lookup(place.base)
        kinds = value.kinds & STICKY
        if old is None and not value.taint and not kinds:
            return
        old = old or UNKNOWN
        anchored = old.anchored and value.anchored
        if "startinfo" in place.steps:  # only Process has it, whatever hides its name
            kinds |= {"process"}
        merged = Value(old.constant, old.taint | value.taint, old.kinds | kinds, anchored, old.key)
        self._set(place.base, merged)

    def _property(self, place: Place, value: Value) -> None:
        """A property is set: that is a call of `set_…`, or of the code's own `Property Let`."""
        name = place.steps[-1]
        function = self.functions.get(name)
        if function is not None and (self.basic or function.is_property):
            self._own_call(function, [value])
        receiver = self.unread_value(place.base)
        if name in self.members and not receiver.kinds:
            self._merge(self.scope.shared, name, value)
        self._look(Call(f"{place.base}.set_{name}", f"set_{name}", receiver, [value], self.line))
        self._remember(place.base)

    def _made(self, call: Call) -> Value:
        made = objects.made(call.path, call.arguments)
        if call.word.endswith("stream") and call.word != "filestream":
            made = made._replace(key="")  # it holds what the request says, and names no file
        constructor = self.functions.get(call.word)
        if constructor is not None:
            self._own_call(constructor, call.arguments)
        found = self._look(call)
        self.became = NONE
        for argument in call.arguments:  # new Thread(Method)
            made = made._replace(kinds=made.kinds | functions_in(argument))
        if found is None:
            return made
        return made._replace(kinds=made.kinds | found.kinds, taint=made.taint | found.taint)

    def _called(self, place: Place, arguments: list[Value], line: int = 0) -> Value:
        self.budget.spend(CALL)
        name = place.steps[-1] if place.steps else place.base
        if place.base in STORES and not place.steps:
            held = self._kept(place, key_of(arguments))
            return Value(kinds=frozenset({place.base})) if held is None else held
        named, functions = self.named, self._own_functions(place)
        if name in EACH and (each := self._each(place, arguments)) is not None:
            return each
        if not functions:
            return self._given(place, name, arguments, line)
        every = [self._called_with(one, arguments, named) for one in functions]
        returned = every[0] if len(every) == 1 else joined(*every)
        if not place.steps and any(one.is_lambda for one in functions):
            returned = self._of_body(returned, self.lookup(place.base))
        if not place.steps or returned.constant is not None:
            return returned
        # A class of the page, or one that nobody knows.
        return joined(returned, self._given(place, name, arguments, line))

    def _of_body(self, returned: Value, kept: Value | None) -> Value:
        """What a function without a name gives: what its body is made of, too."""
        if kept is None or not kept.taint or returned.constant is not None:
            return returned
        return joined(returned, kept._replace(kinds=kept.kinds - functions_in(kept)))

    def _given(self, place: Place, name: str, arguments: list[Value], line: int) -> Value:
        """What a call gives that is not of a function of the page."""
        held = self._held(place, name, arguments)
        if held is not None:
            return held
        receiver = self.unread_value(place.base) if place.receiver is None else place.receiver
        if place.held is not None and receiver.constant is None:
            receiver = receiver._replace(constant=place.held)
        path = ".".join([place.base, *place.steps]).strip(".")
        is_variable = not place.steps and self.lookup(place.base) is not None
        if is_variable and (method := _method(receiver)):
            path, name = method, method.rpartition(".")[2]
        call = _by_name(Call(path, name, receiver, arguments, line or self.line))
        if self.opened and "." not in path:
            for type_name in self.opened:
                self._look(call._replace(path=f"{type_name}.{name}"))
        result = self._look(call)
        self._remember(place.base)
        if result is None and path in self.known.elsewhere:
            result = joined(self.known.elsewhere[path], *arguments)
        if result is not None:
            return result
        opened = name == "open" and receiver.kinds & {"http", "database", "connection"}
        if place.steps and (name in objects.FILLING or opened):
            self._fill(place.base, arguments)
        value = results.result(call)
        for filled in self.filled:
            self._assign(filled, value._replace(constant=None))
        self._charge(value)
        return value

    def _held(self, place: Place, name: str, arguments: list[Value]) -> Value | None:
        """What stands in a dictionary or cache under a key; adding to one is noted."""
        key = key_of(arguments)
        if not key:
            return None
        if name in _KEEPING and len(arguments) > 1:
            self._assign(f"{place.base}:{key}", arguments[1])
        if name in _GIVING or not place.steps:
            return self._kept(place, key)
        return None


def _by_name(call: Call) -> Call:
    """Visual Basic's `CallByName(object, "Method", kind, …)` as the call that it makes."""
    if call.name != "callbyname" or len(call.arguments) < 3:
        return call
    named = call.arguments[1]
    name = "invokemember" if DECODED in named.kinds else named.constant  # hidden: any method
    if not isinstance(name, str):
        return call
    return Call(f".{name.lower()}", name.lower(), call.arguments[0], call.arguments[3:], call.line)


def _method(held: Value) -> str:
    """The method of a type that a variable stands for; "" if it stands for none."""
    kind = next((kind for kind in held.kinds if kind.startswith("method:")), "")
    started = "process.start" if "type:process" in held.kinds else ""
    return kind.removeprefix("method:") or started


def signs_of(code: str, language: str, known: objects.Known) -> tuple[Sign, ...]:
    """What the code of one language gives to a stranger, as far as the budget lasts."""
    try:
        known.budget.spend(len(code) // COST)
        reader = Interpreter(code, language, known)
    except Stopped:
        return ()
    signs = reader.run()
    known.elsewhere.update({name: one.result for name, one in reader.functions.items()})
    return signs
