"""Sigma's value modifiers: one function each, applied from left to right.

Source: Sigma specification 2.x, modifiers appendix. A modifier takes the state of one detection
item and returns the next; adding one is adding a function to `MODIFIERS`.
"""

from __future__ import annotations

import ipaddress
import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from exward.rules import ir, regexes, values
from exward.rules.values import Parts

Scalar = str | int | float | bool | None
Value = Parts | bytes | Scalar
"""Parsed text, encoded bytes, or a plain YAML scalar that is no text."""

MAX_VALUES = 100_000


@dataclass(frozen=True, slots=True)
class Item:
    """One written value of a detection item on its way through the modifiers."""

    field: str | None
    values: tuple[Value, ...]
    """Its forms; any of them may match."""
    raw: tuple[Scalar, ...]
    """The forms as written: regular expressions and networks know no escapes."""
    placeholders: Mapping[str, tuple[str, ...]]
    kind: str = "like"
    flags: str = ""
    cased: bool = False
    part: str = ""
    starts: bool = False
    ends: bool = False


def _parts(value: Value) -> Parts:
    if isinstance(value, tuple):
        return value
    if isinstance(value, bytes):
        # A wide value is matched as the characters that its bytes are.
        return (value.decode("latin-1"),)
    if value is None:
        raise ValueError("null takes no text modifier")
    return (str(value).lower() if isinstance(value, bool) else str(value),)


def _each(item: Item, change: Callable[[Parts], Parts]) -> Item:
    return replace(item, values=tuple(change(_parts(value)) for value in item.values))


def _contains(item: Item) -> Item:
    if item.kind == "fieldref":
        return replace(item, starts=True, ends=True)
    return item if item.kind == "re" else _each(item, values.contains)


def _startswith(item: Item) -> Item:
    if item.kind == "fieldref":
        return replace(item, starts=True)
    if item.kind == "re":
        return replace(item, raw=tuple(rf"\A(?:{pattern})" for pattern in item.raw))
    return _each(item, values.startswith)


def _endswith(item: Item) -> Item:
    if item.kind == "fieldref":
        return replace(item, ends=True)
    if item.kind == "re":
        return replace(item, raw=tuple(rf"(?:{pattern})\z" for pattern in item.raw))
    return _each(item, values.endswith)


def _windash(item: Item) -> Item:
    return replace(
        item, values=tuple(form for value in item.values for form in values.windash(_parts(value)))
    )


def _bytes(value: Value) -> bytes:
    return value if isinstance(value, bytes) else values.plain_text(_parts(value)).encode()


def _base64(item: Item) -> Item:
    return replace(item, values=tuple((values.base64_text(_bytes(v)),) for v in item.values))


def _base64offset(item: Item) -> Item:
    return replace(
        item,
        values=tuple((text,) for v in item.values for text in values.base64_offsets(_bytes(v))),
    )


def _encoded(codec: str) -> Callable[[Item], Item]:
    def encode(item: Item) -> Item:
        mark = b"\xff\xfe" if codec == "utf-16" else b""
        name = "utf-16-le" if codec == "utf-16" else codec
        texts = [values.plain_text(_parts(value)) for value in item.values]
        return replace(item, values=tuple(mark + text.encode(name) for text in texts))

    return encode


def _kind(name: str) -> Callable[[Item], Item]:
    return lambda item: replace(item, kind=name)


def _flag(letter: str) -> Callable[[Item], Item]:
    def add(item: Item) -> Item:
        if item.kind != "re":
            raise ValueError(f"modifier {letter!r} belongs behind 're'")
        return replace(item, flags="".join(sorted({*item.flags, letter})))

    return add


def _time_part(name: str) -> Callable[[Item], Item]:
    return lambda item: replace(item, part=name)


def _expand(item: Item) -> Item:
    known = item.placeholders
    forms = [form for value in item.values for form in _expanded(_parts(value), known)]
    raw = [form for value in item.raw for form in _with_placeholders(str(value), known)]
    return replace(item, raw=tuple(raw), values=tuple(forms))


def _expanded(parts: Parts, known: Mapping[str, tuple[str, ...]]) -> list[Parts]:
    """All forms of a value; a placeholder's values may have wildcards of their own."""
    choices = [
        [(part,)] if isinstance(part, int) else _expanded_text(part, known) for part in parts
    ]
    if math.prod(map(len, choices)) > MAX_VALUES:
        raise ValueError(f"placeholders make more than {MAX_VALUES} values")
    return [values.joined(form) for form in itertools.product(*choices)]


def _expanded_text(text: str, known: Mapping[str, tuple[str, ...]]) -> list[Parts]:
    pieces = text.split("%")
    if len(pieces) % 2 == 0:  # a per cent sign without its partner
        pieces[-2:] = ["%".join(pieces[-2:])]
    choices: list[list[Parts]] = []
    for index, piece in enumerate(pieces):
        is_name = index % 2 == 1
        choices.append(
            [values.parse(one) for one in known.get(piece, ())] if is_name else [(piece,)]
        )
    return [values.joined(form) for form in itertools.product(*choices)]


def _with_placeholders(text: str, known: Mapping[str, tuple[str, ...]]) -> list[str]:
    before, found, rest = text.partition("%")
    name, closed, after = rest.partition("%")
    if not found or not closed:
        return [text]
    tails = _with_placeholders(after, known)
    return [before + value + tail for value in known.get(name, ()) for tail in tails]


# `all` and `neq` concern the list of values as a whole: detections.py reads them.
MODIFIERS: dict[str, Callable[[Item], Item]] = {
    "all": lambda item: item,
    "neq": lambda item: item,
    "cased": lambda item: replace(item, cased=True),
    "contains": _contains,
    "startswith": _startswith,
    "endswith": _endswith,
    "windash": _windash,
    "base64": _base64,
    "base64offset": _base64offset,
    "wide": _encoded("utf-16-le"),
    "utf16le": _encoded("utf-16-le"),
    "utf16be": _encoded("utf-16-be"),
    "utf16": _encoded("utf-16"),
    "re": _kind("re"),
    "i": _flag("i"),
    "ignorecase": _flag("i"),
    "m": _flag("m"),
    "multiline": _flag("m"),
    "s": _flag("s"),
    "dotall": _flag("s"),
    "cidr": _kind("cidr"),
    "exists": _kind("exists"),
    "fieldref": _kind("fieldref"),
    "lt": _kind("lt"),
    "lte": _kind("lte"),
    "gt": _kind("gt"),
    "gte": _kind("gte"),
    "minute": _time_part("minute"),
    "hour": _time_part("hour"),
    "day": _time_part("day"),
    "week": _time_part("week"),
    "month": _time_part("month"),
    "year": _time_part("year"),
    "expand": _expand,
}


def leaves(item: Item) -> Iterator[ir.Leaf]:
    """The condition leaves of a value whose modifiers are applied, one for each form."""
    forms = len(item.values) if item.kind == "like" and not item.part else len(item.raw)
    for index in range(forms):
        yield _leaf(item, index)


def _leaf(item: Item, index: int) -> ir.Leaf:
    if item.kind == "re":
        pattern = str(item.raw[index])
        regexes.searcher(pattern, item.flags)  # says now, not in the scan, if it is not valid
        return ir.Regex(item.field, pattern, item.flags)
    if item.kind == "like" and not item.part:
        return _like(item, item.values[index])
    if item.field is None:
        raise ValueError(f"modifier {item.kind!r} needs a field")
    raw = item.raw[index]
    if item.part:
        op = "eq" if item.kind == "like" else item.kind
        return ir.TimePart(item.field, item.part, op, int(_number(raw)))
    if item.kind == "cidr":
        return ir.Cidr(item.field, str(ipaddress.ip_network(str(raw).strip(), strict=False)))
    if item.kind == "exists":
        return ir.Exists(item.field, _truth(raw))
    if item.kind == "fieldref":
        return ir.FieldRef(item.field, str(raw), item.starts, item.ends)
    return ir.Compare(item.field, item.kind, _number(raw))


def _like(item: Item, value: Value) -> ir.Leaf:
    if isinstance(value, tuple | bytes):
        return ir.Like(item.field, _parts(value), item.cased)
    if item.field is None:
        if value is None:
            raise ValueError("null needs a field")
        return ir.Like(None, _parts(value), item.cased)
    if value is None:
        return ir.Null(item.field)
    if isinstance(value, bool):
        return ir.Bool(item.field, value)
    if isinstance(value, int | float):
        return ir.Number(item.field, value)
    return ir.Like(item.field, _parts(value), item.cased)


def _number(value: Scalar) -> int | float:
    if isinstance(value, bool) or value is None:
        raise ValueError(f"{value!r} is no number")
    if isinstance(value, int | float):
        return value
    try:
        return int(value, 0)
    except ValueError:
        return float(value)


def _truth(value: Scalar) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() in {"true", "false"}:
        return str(value).lower() == "true"
    raise ValueError(f"exists takes true or false, not {value!r}")
