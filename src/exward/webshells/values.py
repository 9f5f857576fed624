"""What is known of a value: its constant, who can choose it, and what kind of object it is."""

from __future__ import annotations

from dataclasses import dataclass

Constant = str | bytes | int | float | tuple[str, ...] | None
Names = frozenset[str]
NONE: Names = frozenset()
REQUEST, FILE, CONTROL, NET = "request", "file", "control", "net"
"""Sources: the request's text, an uploaded file, an input field, an answer from the network."""
DECODED = "decoded"
"""Kind of a value that was put together or decoded from constants, so that nobody reads it."""
MAX_CONSTANT = 500_000


@dataclass(slots=True, eq=False)
class Value:
    """`taint`: the sources that can choose it. `kinds`: what it is, such as `process`.

    `anchored`: it begins with a text that nobody from outside can choose (a folder, a command).
    `key`: the name under which it stands in the request.
    """

    constant: Constant = None
    taint: Names = NONE
    kinds: Names = NONE
    anchored: bool = True
    key: str = ""
    prefixed: bool = False
    """It begins with a text that stands in the code."""
    others: tuple[str, ...] = ()
    """Texts that it is besides, in another case."""


UNKNOWN = Value()


def constant(value: Constant, kinds: Names = NONE) -> Value:
    """A value that stands in the code."""
    if isinstance(value, str | bytes) and len(value) > MAX_CONSTANT:
        value = None
    return Value(value, NONE, kinds)


def joined(*values: Value) -> Value:
    """What may be any of these, or is made of all of them."""
    taint: Names = NONE
    kinds: Names = NONE
    key = ""
    anchored = True
    for value in values:
        taint |= value.taint
        kinds |= value.kinds
        key = key or value.key
        anchored = anchored and value.anchored
    return Value(None, taint, kinds, anchored, key)


def concatenated(left: Value, right: Value) -> Value:
    """Left and right behind each other."""
    taint = left.taint | right.taint
    kinds = (left.kinds | right.kinds) & _CARRIED
    key = left.key or right.key
    text: Constant = None
    if left.constant is not None and right.constant is not None:
        text = text_of(left.constant) + text_of(right.constant)
        if len(text) > MAX_CONSTANT:
            text = None
    anchored = right.anchored if left.constant == "" else left.anchored
    prefixed = left.prefixed or bool(left.constant)
    return Value(text, taint, kinds, anchored, key, prefixed and text is None)


_CARRIED: Names = frozenset({DECODED})


def text_of(value: Constant) -> str:
    """A constant as text."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, tuple):
        return "".join(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def listed(values: list[Value]) -> Value:
    """A list: of texts or bytes it is a constant, else whatever its elements may be."""
    held = [value.constant for value in values]
    if held and all(isinstance(one, str) for one in held):
        return constant(tuple(str(one) for one in held))
    numbers = [one for one in held if isinstance(one, int) and 0 <= one < 256]
    if len(numbers) == len(held) > 3:
        return constant(bytes(numbers))
    return joined(*values) if values else UNKNOWN


def computed(result: Constant, left: Value, right: Value) -> Value:
    """The result of an operation if it is known, else what may be either side."""
    return joined(left, right) if result is None else constant(result)
