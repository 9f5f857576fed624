"""Calls of functions of the code itself: what they take, and what they give back."""

from __future__ import annotations

from abc import ABC

from exward.webshells.blocks import JSCRIPT
from exward.webshells.functions import Function
from exward.webshells.statements import Statements
from exward.webshells.values import (
    DECODED,
    DECRYPTED,
    FOREIGN,
    FUNCTION,
    UNKNOWN,
    Value,
    joined,
    listed,
    merged_kinds,
)
from exward.webshells.variables import ARGUMENTS, Place, others_of

EACH = frozenset(
    {"map", "foreach", "filter", "some", "every", "reduce", "sort", "call", "apply", "select",
     "where", "any", "all", "aggregate", "queueuserworkitem", "startnew", "run"}
)  # fmt: skip
"""Methods that call the function that is given to them."""
_NO_OBJECT = frozenset({DECODED, DECRYPTED, FOREIGN, "field", "fields"})
"""Kinds that say nothing of what an object can do."""
MIN_HIDDEN = 200
"""A text of this length that a function of the file makes readable is taken for hidden code."""


class OwnCalls(Statements, ABC):
    """Lets the functions of the code know what they are called with."""

    def _is_own(self, place: Place, function: Function) -> bool:
        """Whether a function of the page may be meant, not one of an object that is known."""
        if not place.steps:
            return True
        of = place.receiver or self.unread_value(place.base)
        if len(place.steps) > 1 and place.steps[-2] != function.of_class:
            return False
        return of.kinds <= _NO_OBJECT

    def _own_functions(self, place: Place) -> list[Function]:
        """The functions of the code that a call may mean: by its name, or by what was kept."""
        name = place.steps[-1] if place.steps else place.base
        function = self.functions.get(name)
        if function is not None and self._is_own(place, function):
            return [function]
        kept = place.receiver if place.steps or not place.base else self.lookup(place.base)
        return [] if kept is None else self._of_kind(kept)

    def _of_kind(self, value: Value) -> list[Function]:
        """The functions that a value stands for."""
        names = [kind.removeprefix(FUNCTION) for kind in value.kinds if kind.startswith(FUNCTION)]
        return [self.functions[name] for name in sorted(names) if name in self.functions]

    def _called_with(self, function: Function, arguments: list[Value], named: list[str]) -> Value:
        """Call a function; `named` are the parameters that the call names, "" where it does not."""
        returned = self._own_call(function, _in_order(function, arguments, named))
        if function.fills:
            self._give_back(function, self._computed_call(function, arguments) or {})
        return returned

    def _give_back(self, function: Function, computed: dict[str, Value]) -> None:
        """Let the variables of the caller be what the function made of its parameters."""
        inside = self.locals.get(function.name, {})
        for parameters in function.taking(len(self.passed)):
            for parameter, name in zip(parameters, self.passed, strict=False):
                if name and parameter in function.fills and parameter in inside:
                    made = computed.get(parameter, inside[parameter]._replace(constant=None))
                    self._assign(name, made)

    def _each(self, place: Place, arguments: list[Value]) -> Value | None:
        """A function is given to a method that calls it with what a list holds."""
        given = [(value, self._of_kind(value)) for value in arguments]
        held = [place.receiver or UNKNOWN, *(value for value, called in given if not called)]
        for _, functions in given:
            for called in functions:
                self._own_call(called, [joined(*held)] * len(called.parameters))
        name = place.steps[-1] if place.steps else place.base
        plain = [value for value, functions in given if not functions]
        list_of = place.held
        if list_of is None and place.receiver is not None:
            list_of = place.receiver.constant
        if list_of is None and name == "convertall" and plain:
            list_of, plain = plain[0].constant, plain[1:]
        every = [called for _, functions in given for called in functions]
        return self._computed_each(name, list_of, plain, every)

    def _recall(self, function: Function) -> None:
        """What a function was called with stays known to it."""
        names = self.locals.get(function.name, {})
        for parameter, texts in function.called_with.items():
            if parameter in names:
                names[parameter] = names[parameter]._replace(others=tuple(texts))

    def _own_call(self, function: Function, arguments: list[Value]) -> Value:
        self.read.add(function.name)
        if self.language == JSCRIPT:
            self._give(function, ARGUMENTS, listed(arguments))
        for parameters in function.taking(len(arguments)):
            given = arguments
            last = len(parameters) - 1
            if function.spreads and len(arguments) > last:
                given = [*arguments[:last], joined(*arguments[last:])]
            for parameter, value in zip(parameters, given, strict=False):
                self._give(function, parameter, value)
                if function.makes and function.note_text(parameter, value.constant):
                    self.is_stale = True
        known = joined(*arguments)
        kinds = function.result.kinds | (known.kinds & {DECODED})
        texts = [one.constant for one in arguments if isinstance(one.constant, str | bytes)]
        if texts and (function.decodes or max(map(len, texts)) > MIN_HIDDEN):
            kinds |= {DECODED}
        taint = function.result.taint | known.taint
        computed = self._computed_call(function, arguments)
        if computed is not None and "" in computed:
            return computed[""]._replace(kinds=computed[""].kinds | (kinds & {DECODED}))
        return Value(
            None, taint, kinds, function.result.anchored and known.anchored, function.result.key
        )

    def _give(self, function: Function, parameter: str, value: Value) -> None:
        """Let a parameter be what it was in other calls, or this."""
        if function.is_lambda:
            names, read = self.scope.shared, self.read
        else:
            names = self.locals.setdefault(function.name, {})
            read = self.reads.setdefault(function.name, set())
        old = names.get(parameter, UNKNOWN)
        self._grew(read, parameter, old, value)
        is_first = old.constant is None and not old.taint and not old.kinds
        names[parameter] = Value(
            value.constant if is_first else None,
            old.taint | value.taint,
            merged_kinds(old.kinds, value.kinds),
            old.anchored and value.anchored,
            old.key or value.key,
            others=others_of(old, value),
        )


def _in_order(function: Function, arguments: list[Value], named: list[str]) -> list[Value]:
    """The arguments in the order of the parameters, of which a call may name some."""
    names = [name for name in named if name]
    if not names:
        return arguments
    for parameters in function.taking(len(arguments)):
        if set(names) <= set(parameters):
            ordered = [UNKNOWN] * len(parameters)
            for at, (value, name) in enumerate(zip(arguments, named, strict=False)):
                place = parameters.index(name) if name else at
                ordered[min(place, len(parameters) - 1)] = value
            return ordered
    return arguments
