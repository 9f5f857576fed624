"""Follows data through the code of one method."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from exward.webshells import clr_calls
from exward.webshells.clr_code import instructions
from exward.webshells.clr_knowledge import (
    CONCRETE,
    FIRST_ARGUMENT,
    MOST_ARGUMENTS,
    Label,
    label_of_constant,
)
from exward.webshells.clr_sinks import STORED, judge
from exward.webshells.clr_tables import MEMBER, METHOD, METHOD_SPEC, Method
from exward.webshells.clr_values import Event, Summary, Value, join

if TYPE_CHECKING:
    from exward.webshells.clr_flow import Flow

_LARGEST_STACK = 256
_MOST_EVENTS = 80  # that a method hands to its callers
_Locals = dict[int, Value]
_ENDS = frozenset({"br", "leave", "ret", "throw", "rethrow", "endfinally", "jmp", "endfilter"})
_CLEAN = frozenset({"ceq", "cgt", "clt", "cgt.un", "clt.un", "ldlen", "sizeof", "ldnull"})


class Frame:
    """The state within one method."""

    def __init__(self, flow: Flow, method: Method) -> None:
        self.flow = flow
        self.method = method
        count = method.signature.arguments
        label = Label.REQUEST if flow.asks_a_stranger(method) else 0
        self.arguments = [
            Value(1 << (FIRST_ARGUMENT + index) | label if index < MOST_ARGUMENTS else label)
            for index in range(count)
        ]
        if label and count and method.signature.has_this:
            self.arguments[0].mask &= ~label
        self._given = list(self.arguments)
        self._label = label
        self.stack: list[Value] = []
        self.locals: _Locals = {}
        self.events: dict[Event, None] = {}
        self.returned = Value()
        self.loops = False
        self._waiting: dict[int, tuple[list[Value], _Locals]] = {}

    def run(self) -> None:
        """Follow the code once, from the first instruction to the last."""
        flow, alive, start = self.flow, True, 0
        self.stack, self.locals = [], {}
        for place, known, operand, targets in instructions(self.method.code):
            flow.left -= 1
            if flow.left <= 0:
                return
            if start in self._waiting:
                self._meet(self._waiting.pop(start), alive)
            elif not alive:
                self.stack = [Value()] if start in self.method.handlers else []
            start, alive = place, True
            self._step(known[0], operand, known[2], known[3])
            flow.left -= len(targets)
            for target in targets:
                self.loops |= target < place
                self._wait(target)
            if known[0] in _ENDS:
                alive = False
            if len(self.stack) > _LARGEST_STACK:
                del self.stack[:-_LARGEST_STACK]

    def _wait(self, target: int) -> None:
        """Keep what is known for the place that a branch goes to."""
        kept = self._waiting.get(target)
        if kept is None:
            self._waiting[target] = (self.stack[:], self.locals.copy())
        else:
            _merge(kept[1], self.locals)
        self.flow.left -= (len(self.locals) + len(self.stack)) >> 3

    def _meet(self, kept: tuple[list[Value], _Locals], alive: bool) -> None:
        if not alive:
            self.stack, self.locals = kept
            return
        _merge(self.locals, kept[1])
        stack = kept[0]
        for index in range(1, min(len(stack), len(self.stack)) + 1):
            self.stack[-index] = join(self.stack[-index], stack[-index])

    def summary(self) -> Summary:
        """What the method does, in terms of its arguments."""
        effects = {}
        for index, value in enumerate(self._given[:MOST_ARGUMENTS]):
            own = 1 << (FIRST_ARGUMENT + index) | self._label
            if value.mask & ~own:
                effects[index] = value.mask & ~own
        open_events = frozenset(
            event for event in self.events if any(mask > CONCRETE for mask in event.masks)
        )
        return Summary(self.returned.mask, self.returned.parts, effects, open_events)

    def pop(self) -> Value:
        """The value on top."""
        return self.stack.pop() if self.stack else Value()

    def taint(self, value: Value, mask: int) -> None:
        """Add labels to a value, wherever it is held."""
        if not value.place:
            value.mask |= mask
        elif mask & ~value.mask:
            self.flow.store(value.place, mask)
            if mask > CONCRETE:
                self.add(Event("field", (mask & ~CONCRETE,), value.place))

    def emit(self, kind: str, *masks: int, member: str = "") -> None:
        """Something is done with values of these labels."""
        if any(masks) or kind.startswith("stored"):
            self.add(Event(kind, masks, member=member, method=self.method.token))

    def add(self, event: Event) -> None:
        """Take an event, of this method or of one that it calls."""
        if event.kind == "field":
            self.flow.store(event.field, event.masks[0])
        elif judge(event.kind, event.masks) is not None:
            closed = tuple(mask & CONCRETE for mask in event.masks)
            self.flow.found[Event(event.kind, closed, 0, event.member, event.method)] = None
        if len(self.events) < _MOST_EVENTS:
            self.events[event] = None

    def _step(self, name: str, operand: int, pops: int, pushes: int) -> None:
        head, _, tail = name.partition(".")
        action = _ACTIONS.get(head)
        if action is not None:
            action(self, operand if not tail.isdigit() else int(tail))
            return
        mask = 0
        for _ in range(pops):
            mask |= self.pop().mask
        if name in _CLEAN:
            mask = 0
        elif name == "xor" and mask:
            mask |= Label.DECRYPTED
        for _ in range(pushes):
            self.stack.append(Value(mask))


def _merge(into: _Locals, other: _Locals) -> None:
    for slot, value in other.items():
        mine = into.get(slot)
        into[slot] = value if mine is None else join(mine, value)


def _load_argument(frame: Frame, slot: int) -> None:
    known = slot < len(frame.arguments)
    frame.stack.append(frame.arguments[slot] if known else Value())


def _store_argument(frame: Frame, slot: int) -> None:
    value = frame.pop()
    if slot < len(frame.arguments):
        frame.arguments[slot] = value


def _load_local(frame: Frame, slot: int) -> None:
    value = frame.locals.get(slot)
    if value is None:
        value = frame.locals[slot] = Value()
    frame.stack.append(value)


def _store_local(frame: Frame, slot: int) -> None:
    frame.locals[slot] = frame.pop()


def _load_text(frame: Frame, token: int) -> None:
    text = frame.flow.assembly.text(token)
    frame.flow.left -= len(text) >> 6
    frame.stack.append(Value(label_of_constant(text), text))


def _load_constant(frame: Frame, _: int) -> None:
    frame.stack.append(Value())


def _load_token(frame: Frame, token: int) -> None:
    frame.stack.append(Value(0, frame.flow.assembly.name(token)))


def _duplicate(frame: Frame, _: int) -> None:
    frame.stack.append(frame.stack[-1] if frame.stack else Value())


def _load_field(frame: Frame, token: int) -> None:
    frame.pop()
    frame.stack.append(frame.flow.field(token))


def _load_static(frame: Frame, token: int) -> None:
    frame.stack.append(frame.flow.field(token))


def _store_static(frame: Frame, token: int) -> None:
    value, kept = frame.pop(), frame.flow.field(token)
    frame.taint(kept, value.mask)
    kept.function = value.function or kept.function
    kept.text = kept.text or value.text
    for part, mask in (value.parts or {}).items():
        kept.put(part, mask)


def _store_field(frame: Frame, token: int) -> None:
    value = frame.pop()
    frame.pop()
    frame.stack.append(value)
    _store_static(frame, token)


def _load_element(frame: Frame, _: int) -> None:
    frame.pop()
    array = frame.pop()
    element = Value(array.mask)
    element.parts, element.text = array.parts, array.text
    frame.stack.append(element)


def _element_address(frame: Frame, _: int) -> None:
    """What is written there is in the array."""
    frame.pop()


def _store_element(frame: Frame, _: int) -> None:
    value = frame.pop()
    frame.pop()
    frame.taint(frame.pop(), value.mask)


def _store_indirect(frame: Frame, _: int) -> None:
    value = frame.pop()
    target = frame.pop()
    frame.taint(target, value.mask)
    target.parts = target.parts or value.parts


def _cast(frame: Frame, token: int) -> None:
    value = frame.stack[-1] if frame.stack else Value()
    if value.mask & Label.SESSION:
        name = frame.flow.assembly.name(token)
        if name in STORED:
            frame.emit(STORED[name], value.mask, member=name)


def _keep(_frame: Frame, _: int) -> None:
    """The value stays what it is."""


def _function(frame: Frame, token: int) -> None:
    own = frame.flow.assembly.target(token)
    value = Value(text=None if own else frame.flow.assembly.name(token))
    value.function = own
    frame.stack.append(value)


def _virtual_function(frame: Frame, token: int) -> None:
    frame.pop()
    _function(frame, token)


def _return(frame: Frame, _: int) -> None:
    if frame.stack and frame.method.signature.returned != 1:
        frame.returned = join(frame.returned, frame.pop())
    frame.stack.clear()


def _call(frame: Frame, token: int) -> None:
    if token >> 24 in {METHOD, MEMBER, METHOD_SPEC}:
        clr_calls.call(frame, token, is_new=False)


def _new(frame: Frame, token: int) -> None:
    clr_calls.call(frame, token, is_new=True)


_ACTIONS: dict[str, Callable[[Frame, int], None]] = {
    "ldarg": _load_argument,
    "ldarga": _load_argument,
    "starg": _store_argument,
    "ldloc": _load_local,
    "ldloca": _load_local,
    "stloc": _store_local,
    "ldstr": _load_text,
    "ldc": _load_constant,
    "ldtoken": _load_token,
    "dup": _duplicate,
    "ldfld": _load_field,
    "ldflda": _load_field,
    "ldsfld": _load_static,
    "ldsflda": _load_static,
    "stfld": _store_field,
    "stsfld": _store_static,
    "ldelem": _load_element,
    "ldelema": _element_address,
    "stelem": _store_element,
    "stind": _store_indirect,
    "stobj": _store_indirect,
    "castclass": _cast,
    "isinst": _cast,
    "unbox": _keep,
    "box": _keep,
    "conv": _keep,
    "ldind": _keep,
    "ldobj": _keep,
    "ldftn": _function,
    "ldvirtftn": _virtual_function,
    "ret": _return,
    "call": _call,
    "callvirt": _call,
    "newobj": _new,
}
