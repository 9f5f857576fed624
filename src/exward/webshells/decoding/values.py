"""What pure code works with: texts, letters, numbers, lists and the few objects it may make.

Operators are those of the languages: C# counts with letters, Basic makes numbers of texts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from exward.webshells.blocks import CSHARP, JSCRIPT, VB
from exward.webshells.values import Constant

MAX_TEXT = 200_000
MAX_BITS = 64
_BYTE = range(256)


class Unclear(Exception):  # no error: what is read is not pure, or does too much
    """The code does something of which nothing is known here."""


class Chosen(Unclear):  # no error either
    """It works on what a request or another source can choose."""


class Letter(str):
    """A `char`: a text of one letter, with which C# counts."""

    __slots__ = ()


@dataclass(slots=True)
class Thing:
    """An object that pure code makes: what it is, and its members."""

    kind: str
    members: dict[str, Pure] = field(default_factory=dict)


@dataclass(slots=True, frozen=True)
class Routine:
    """A function without a name: its parameters, and where its body begins."""

    parameters: tuple[str, ...]
    body: int


Pure: TypeAlias = "str | float | list[Pure] | Thing | Routine | None"


def pure_of(value: Constant) -> Pure:
    """A constant as pure code has it."""
    if value is None:
        raise Unclear
    if isinstance(value, bytes):
        return [*value]
    return [*value] if isinstance(value, tuple) else value


def constant_of(value: Pure) -> Constant:
    """What pure code made as a constant; raises Unclear if it is none."""
    if isinstance(value, list):
        return _list_of(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int | float):
        return value
    raise Unclear


def _list_of(held: list[Pure]) -> bytes | tuple[str, ...]:
    numbers = [whole(one) for one in held if isinstance(one, int)]
    if len(numbers) == len(held) > 0:
        is_bytes = all(one in _BYTE for one in numbers)
        return bytes(numbers) if is_bytes else tuple(map(str, numbers))
    texts = [str(one) for one in held if isinstance(one, str)]
    if len(texts) < len(held):
        raise Unclear
    return tuple(texts)


def said(value: Pure) -> str:
    """A value as text."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        return "".join(map(said, value))
    if isinstance(value, Thing) and value.kind == "builder":
        return said(value.members["text"])
    if isinstance(value, Thing | Routine):
        raise Unclear
    return "" if value is None else str(value)


def counted(value: Pure) -> float:
    """A value as a number: a letter as its own, a text as what it says."""
    if isinstance(value, int | float):
        return value
    if isinstance(value, Letter):
        return ord(value)
    if isinstance(value, str):
        return _number(value)
    if value is None:
        return 0
    raise Unclear


def _number(text: str) -> float:
    digits = text.strip().lower()
    try:
        if digits[:2] in {"&h", "0x"}:
            return int(digits[2:].rstrip("&"), 16)
        found = int(digits[2:], 8) if digits[:2] == "&o" else float(digits or "0")
    except ValueError:
        if len(text) == 1:  # C# writes a letter as JScript does a text
            return ord(text)
        raise Unclear from None
    return int(found) if float(found).is_integer() else found


def whole(value: Pure) -> int:
    """A value as a whole number, for which half goes to the even side as in Basic."""
    try:
        return round(counted(value))
    except (OverflowError, ValueError):
        raise Unclear from None


def is_true(value: Pure) -> bool:
    """Whether a condition holds."""
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    return bool(value)


def operated(mark: str, left: Pure, right: Pure, language: str) -> Pure:
    """The result of an operator with two sides."""
    if mark in _COMPARED:
        return _COMPARED[mark](*_alike(left, right))
    if mark == "&" and language == VB:
        return _bounded(said(left) + said(right))
    if mark == "+" and _joins(left, right, language):
        return _bounded(said(left) + said(right))
    if mark == "/" and language == CSHARP and _are_whole(left, right):
        return int(counted(left) / (counted(right) or _no_number()))
    if mark == "^" and language == VB:
        return _power(counted(left), counted(right))
    calculate = _NUMBERS.get(mark)
    if calculate is not None:
        return _tidy(calculate(counted(left), counted(right)))
    combine = _BITS.get(mark)
    if combine is None:
        raise Unclear
    return combine(_bits(left), _bits(right))


def _joins(left: Pure, right: Pure, language: str) -> bool:
    if language == CSHARP:  # two letters, or a letter and a number, are added
        return any(isinstance(one, str) and not isinstance(one, Letter) for one in (left, right))
    if language == JSCRIPT:
        return isinstance(left, str) or isinstance(right, str)
    numbers = isinstance(left, int | float) or isinstance(right, int | float)
    return not numbers and (isinstance(left, str) or isinstance(right, str))


def _are_whole(left: Pure, right: Pure) -> bool:
    return not isinstance(left, float) and not isinstance(right, float)


def _alike(left: Pure, right: Pure) -> tuple[float | str, float | str]:
    """Two sides of a comparison: as texts if both are, else as numbers."""
    if isinstance(left, str) and isinstance(right, str):
        return str(left), str(right)
    if (isinstance(left, str) and right is None) or (isinstance(right, str) and left is None):
        return said(left), said(right)
    return counted(left), counted(right)


def _bounded(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise Unclear
    return text


def _tidy(number: float) -> float:
    if abs(number) >= 2**MAX_BITS:
        raise Unclear
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _no_number() -> float:
    raise Unclear


def _power(base: float, exponent: float) -> float:
    if abs(base) > 2**16 or not 0 <= exponent <= MAX_BITS:
        raise Unclear
    return _tidy(base**exponent)


def _bits(value: Pure) -> int:
    number = whole(value)
    if abs(number) >= 2**MAX_BITS:
        raise Unclear
    return number


def _shifted(number: int, places: int) -> int:
    if not 0 <= places < MAX_BITS:
        raise Unclear
    return number << places


def _rest(left: float, right: float) -> float:
    if not right:
        raise Unclear
    rest = abs(left) % abs(right)
    return -rest if left < 0 else rest


_COMPARED: dict[str, Callable[[float | str, float | str], bool]] = {
    "==": lambda a, b: a == b, "===": lambda a, b: a == b, "!=": lambda a, b: a != b,
    "<>": lambda a, b: a != b, "=": lambda a, b: a == b,
    "<": lambda a, b: a < b,  # type: ignore[operator]  # of one kind: see _alike
    ">": lambda a, b: a > b,  # type: ignore[operator]
    "<=": lambda a, b: a <= b,  # type: ignore[operator]
    ">=": lambda a, b: a >= b,  # type: ignore[operator]
}  # fmt: skip
_NUMBERS: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b,
    "/": lambda a, b: a / (b or _no_number()), "\\": lambda a, b: int(a / (b or _no_number())),
    "%": _rest, "mod": _rest,
}  # fmt: skip
_BITS: dict[str, Callable[[int, int], int]] = {
    "^": lambda a, b: a ^ b, "xor": lambda a, b: a ^ b, "&": lambda a, b: a & b,
    "and": lambda a, b: a & b, "|": lambda a, b: a | b, "or": lambda a, b: a | b,
    "<<": _shifted, ">>": lambda a, b: a >> min(max(b, 0), MAX_BITS),
}  # fmt: skip
