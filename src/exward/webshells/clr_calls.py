"""What a call does to the values that are followed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from exward.webshells.clr_call import Call
from exward.webshells.clr_knowledge import (
    ADDS,
    ALLOCATES,
    CLEAN_OWNERS,
    CONCRETE,
    COPIES_MEMORY,
    FILE_NAMES,
    FILLS,
    KEPT,
    LOOKUPS,
    NUMBERS,
    RUNS_MEMORY,
    SOURCES,
    STARTS_PROGRAMS,
    STORES,
    WITH_BASE,
    Label,
)
from exward.webshells.clr_sinks import NAMED, SINKS
from exward.webshells.clr_tables import Signature
from exward.webshells.clr_values import Event, Value, substitute

if TYPE_CHECKING:
    from exward.webshells.clr_frame import Frame

_MOST_CALLED = 64  # arguments that are followed into a call
_ALIASES = frozenset({"System.Diagnostics.Process::get_StartInfo"})
_PUT_TOGETHER = frozenset({"System.String::Concat", "System.String::Format"})
_FLUENT = frozenset({"System.Text.StringBuilder"})
"""Classes whose methods give back the object itself, or what it holds."""
_UNTOUCHED = ("System.Diagnostics.Process", "System.Web.HttpResponse", "System.Web.HttpServer")
_FUNCTIONS = ("System.Func`", "System.Action`")
_VOID, _TEXT, _BYTES = 0x01, b"\x0e", b"\x1d\x05"  # types in signatures


def call(frame: Frame, token: int, *, is_new: bool) -> None:
    """Take a call's arguments from the stack and put its result there."""
    assembly = frame.flow.assembly
    signature = assembly.signature(token)
    count = signature.parameters if is_new else signature.arguments
    arguments = [frame.pop() for _ in range(count)][::-1]
    own = assembly.target(token)
    created = Value() if is_new else None
    if own in assembly.imports:
        result = _native(frame, assembly.imports[own], arguments)
    elif own and _is_delegate(frame, own, arguments):
        result = _delegate(frame, signature, arguments)
    elif own:
        result = _own(frame, own, [created, *arguments] if created is not None else arguments)
    else:
        result = _external(frame, assembly.name(token), signature, arguments, is_new)
    if created is not None and own:
        if arguments and (arguments[-1].function or arguments[-1].text in SINKS):
            created.function, created.text = arguments[-1].function, arguments[-1].text
        frame.stack.append(created)
    elif is_new or signature.returned != 1:
        frame.stack.append(result)


def _own(frame: Frame, token: int, arguments: list[Value]) -> Value:
    """A call of the assembly's own method: the effect of its summary."""
    result, known = Value(), False
    for target in frame.flow.targets(token):
        summary = frame.flow.summaries.get(target)
        if summary is None:
            continue
        known = True
        result.mask |= substitute(summary.returned, arguments)
        for part, mask in (summary.parts or {}).items():
            result.put(part, substitute(mask, arguments))
        for index, mask in summary.effects.items():
            if index < len(arguments):
                frame.taint(arguments[index], substitute(mask, arguments))
        frame.flow.left -= 3 * len(summary.events)
        for event in summary.events:
            masks = tuple(substitute(mask, arguments) for mask in event.masks)
            if any(masks):
                frame.add(Event(event.kind, masks, event.field, event.member, event.method))
    if not known and token not in frame.flow.assembly.methods:
        result.mask = _union(arguments)
    return result


def _is_delegate(frame: Frame, token: int, arguments: list[Value]) -> bool:
    method = frame.flow.assembly.methods[token]
    return method.name == "Invoke" and not method.code and bool(arguments)


def _delegate(frame: Frame, signature: Signature, arguments: list[Value]) -> Value:
    """A call of a method that a value stands for."""
    receiver, given = arguments[0], arguments[1:]
    if receiver.function:
        method = frame.flow.assembly.methods.get(receiver.function)
        if method is not None:
            this = [Value()] if method.signature.has_this else []
            return _own(frame, receiver.function, this + given)
    text = receiver.text or ""
    named = NAMED.get(text.lower())
    if named is not None:
        frame.emit(named, _union(given), member=text)
    if text in SINKS:
        SINKS[text](Call(text, given, Value(), partial(frame.emit, member=text)))
    if frame.flow.assembly.returned_type(signature) == "System.Reflection.Assembly":
        frame.emit("load", _union(given), member="System.Reflection.Assembly::Load")
    return Value(_union(given))


def _native(frame: Frame, name: str, arguments: list[Value]) -> Value:
    """A call of a function of Windows."""
    mask = _union(arguments)
    emit = partial(frame.emit, member=name)
    if name in STARTS_PROGRAMS:
        emit("command", mask & ~Label.BASED)
    elif name in ALLOCATES:
        return Value(mask & ~Label.REQUEST | Label.MEMORY)
    elif name in COPIES_MEMORY:
        emit("shellcode", mask)
    elif name in RUNS_MEMORY:
        emit("thread", _union(arguments[2:4]))
    return Value(mask)


def _union(values: list[Value]) -> int:
    mask = 0
    for value in values:
        mask |= value.flowing()
    return mask


def _external(
    frame: Frame, name: str, signature: Signature, arguments: list[Value], is_new: bool
) -> Value:
    owner, _, member = name.rpartition("::")
    if name in _ALIASES and arguments:
        return arguments[0]
    if name in KEPT:
        return frame.flow.field(KEPT[name])
    result = Value(_mask_of_result(name, member, signature, arguments))
    if is_new and arguments and (arguments[-1].function or arguments[-1].text in SINKS):
        result.function, result.text = arguments[-1].function, arguments[-1].text
    _spread(frame, owner, member, signature.has_this and not is_new, arguments)
    _functions(frame, arguments)
    if member in LOOKUPS and arguments and signature.has_this:
        result.function = arguments[0].function
    elif member == "Invoke" and owner.startswith(_FUNCTIONS):
        _late(frame, arguments)
    if owner in _FLUENT and arguments and not is_new:
        return arguments[0]
    sink = SINKS.get(name)
    if sink is not None:
        raw = signature.raw
        first_is_text = signature.returned == _VOID and raw[3:4] == _TEXT
        takes_bytes = _BYTES in raw
        given = [result, *arguments] if is_new else arguments
        emit = partial(frame.emit, member=name)
        sink(Call(name, given, result, emit, first_is_text, takes_bytes))
    return result


def _mask_of_result(name: str, member: str, signature: Signature, arguments: list[Value]) -> int:
    if name in SOURCES:
        return Label.REQUEST
    if name in STORES:
        kept = arguments[0].mask if arguments and arguments[0].place < 0 else 0
        return Label.SESSION | kept
    if name in FILE_NAMES:
        return Label.FILE_NAME
    added = _added(name, arguments)
    if name in WITH_BASE and signature.parameters > 1:
        return _union(arguments) | added
    if signature.returned in NUMBERS or name.startswith(CLEAN_OWNERS):
        return added
    if member in LOOKUPS and arguments and signature.has_this:
        return arguments[0].mask | added
    return _union(arguments) | added


def _added(name: str, arguments: list[Value]) -> int:
    """The labels that a member adds to what it is given."""
    added = ADDS.get(name, 0)
    begins = arguments[0].mask if arguments else 0
    whole = bool(arguments) and (arguments[0].text or "").startswith("{")
    if name in _PUT_TOGETHER and not whole and not begins & (Label.REQUEST | ~CONCRETE):
        return added | Label.PREFIXED
    given = _union(arguments) & (Label.REQUEST | Label.PREFIXED)
    if name.endswith("::MapPath") and given == Label.REQUEST:
        return added & ~Label.BASED  # a name that the request gives whole can leave the folder
    return added


def _spread(frame: Frame, owner: str, member: str, on_object: bool, arguments: list[Value]) -> None:
    """What an object takes in from a call's arguments, and gives out into them."""
    if len(arguments) < 2 or owner.startswith(_UNTOUCHED):
        return
    if member in FILLS:
        mask = _union(arguments)
        for value in arguments[:_MOST_CALLED]:
            frame.taint(value, mask)
    elif on_object and not member.startswith("get_"):
        mask = _union(arguments[1:])
        if mask:
            frame.taint(arguments[0], mask)
        if member in {"Add", "set_Item"} and arguments[-1].function:
            arguments[0].function = arguments[-1].function


def _late(frame: Frame, arguments: list[Value]) -> None:
    """A call of a member that a value names: one that is looked up when the program runs."""
    for index, value in enumerate(arguments[:2]):
        text, given = value.text or "", arguments[index + 1 :]
        kind = NAMED.get(text.lower())
        if kind is not None:
            frame.emit(kind, _union(given), member=text)
        if text in SINKS:
            SINKS[text](Call(text, given, Value(), partial(frame.emit, member=text)))


def _functions(frame: Frame, arguments: list[Value]) -> None:
    """A method that is handed over may be called with the other arguments."""
    for value in arguments[:_MOST_CALLED]:
        if value.function:
            mask = _union([other for other in arguments if other is not value])
            method = frame.flow.assembly.methods.get(value.function)
            if mask and method is not None:
                _own(frame, value.function, [Value(mask)] * method.signature.arguments)
