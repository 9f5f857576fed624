"""What is known about a value while a method's code is followed."""

from __future__ import annotations

from dataclasses import dataclass, field

from exward.webshells.clr_knowledge import CONCRETE, FIRST_ARGUMENT, MOST_ARGUMENTS, Label


class Value:
    """A value: labels, and what it was made of.

    `mask`: labels, and one bit for each argument of the method that it comes from. `parts`: what
    was put into it under a name (a program's file and arguments, a stream's path). `place`: the
    field that holds it.
    """

    __slots__ = ("function", "mask", "parts", "place", "text")

    def __init__(self, mask: int = 0, text: str | None = None) -> None:
        self.mask = mask
        self.text = text
        self.function = 0
        self.parts: dict[str, int] | None = None
        self.place = 0

    def put(self, part: str, mask: int) -> None:
        """Add to a named part."""
        if self.parts is None:
            self.parts = {}
        self.parts[part] = self.parts.get(part, 0) | (mask & CONCRETE if self.place else mask)

    def part(self, name: str) -> int:
        """A named part; of a value that came from elsewhere whole, all of it."""
        if self.parts is not None:
            return self.parts.get(name, 0)
        return self.mask if name in {"file", "path", "host"} else 0

    def flowing(self) -> int:
        """The labels that a method sees which gets this value."""
        if self.parts is None or "file" not in self.parts:
            return self.mask
        file = self.parts["file"]
        risky = file & (Label.SHELL | Label.DECODED)
        return file | (self.parts.get("args", 0) if risky else 0)


def join(one: Value, other: Value) -> Value:
    """What is known where two ways through the code meet."""
    if one is other or (
        one.mask == other.mask
        and one.text == other.text
        and one.function == other.function
        and one.parts == other.parts
    ):
        return one
    both = Value(one.mask | other.mask, one.text if one.text == other.text else None)
    both.function = one.function or other.function
    both.place = one.place or other.place
    if one.parts or other.parts:
        both.parts = dict(one.parts or {})
        for name, mask in (other.parts or {}).items():
            both.parts[name] = both.parts.get(name, 0) | mask
    return both


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a method does with values which may still depend on its arguments."""

    kind: str
    masks: tuple[int, ...]
    field: int = 0  # where it is stored, of the kind "field"
    member: str = ""  # the member of .NET that does it
    method: int = 0  # where


@dataclass(slots=True)
class Summary:
    """What a call of a method does, in terms of its arguments."""

    returned: int = 0
    parts: dict[str, int] | None = None
    effects: dict[int, int] = field(default_factory=dict)
    events: frozenset[Event] = frozenset()


def substitute(mask: int, arguments: list[Value]) -> int:
    """A mask of a called method, in terms of the caller."""
    if mask <= CONCRETE:
        return mask
    result = mask & CONCRETE
    for index, argument in enumerate(arguments[:MOST_ARGUMENTS]):
        if mask >> (FIRST_ARGUMENT + index) & 1:
            result |= argument.flowing()
    return result
