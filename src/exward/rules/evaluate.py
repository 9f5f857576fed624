"""Condition trees to callables: `compile_node(node)(record)` says whether the record matches.

Alternatives on the same field are joined into one test (`str.endswith` with a tuple, a set
lookup, …): the bulk of Sigma's rules are such lists.
"""

from __future__ import annotations

import ipaddress
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache

from exward.rules import glob, regexes
from exward.rules.folding import KEYWORDS, Folded, fold
from exward.rules.ir import (
    QUESTION,
    STAR,
    And,
    Bool,
    Cidr,
    Compare,
    Exists,
    FieldRef,
    Like,
    Node,
    Not,
    Null,
    Number,
    Or,
    Regex,
    TimePart,
)

Test = Callable[[Folded], bool]

_HEXADECIMAL = re.compile(r"0[xX][0-9a-fA-F]+")
_DECIMAL = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")


def compile_node(node: Node) -> Test:
    """Compile a tree; an empty `Or` never holds, an empty `And` always."""
    if isinstance(node, And):
        return _all([compile_node(arg) for arg in sorted(node.args, key=_price)])
    if isinstance(node, Or):
        return _any(_alternatives(node.args))
    if isinstance(node, Not):
        inner = compile_node(node.arg)
        return lambda record: not inner(record)
    if isinstance(node, Like):
        return _any(_alternatives((node,)))
    return _LEAVES[type(node)](node)


def _price(node: Node) -> int:
    """Rough order in which to test what must all hold: cheap and selective first."""
    if isinstance(node, Number | Like | Null | Bool):
        return 0
    if isinstance(node, Or | And):
        return 1 + max((_price(arg) for arg in node.args), default=0)
    return 5 if isinstance(node, Regex) else 2


def _all(tests: Sequence[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        first, second = tests
        return lambda record: first(record) and second(record)

    def every(record: Folded) -> bool:
        for test in tests:  # noqa: SIM110 - twice as fast as all() with a generator
            if not test(record):
                return False
        return True

    return every


def _any(tests: Sequence[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        first, second = tests
        return lambda record: first(record) or second(record)

    def some(record: Folded) -> bool:
        for test in tests:  # noqa: SIM110 - as above
            if test(record):
                return True
        return False

    return some


def _alternatives(nodes: Sequence[Node]) -> list[Test]:
    """Tests for alternatives, texts on one field joined by the way they are compared."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    tests: list[Test] = []
    for node in nodes:
        shape = _shape(node)
        if shape is None:
            tests.append(_glob(node) if isinstance(node, Like) else compile_node(node))
        else:
            assert isinstance(node, Like)
            text = next((str(part) for part in node.parts if isinstance(part, str)), "")
            groups[node.field or KEYWORDS, shape].append(fold(text))
    joined = [_JOINED[shape](field, tuple(texts)) for (field, shape), texts in groups.items()]
    return joined + tests


def _shape(node: Node) -> str | None:
    if not isinstance(node, Like) or node.cased or QUESTION in node.parts:
        return None
    parts = node.parts if node.field is not None else glob.unanchored(node.parts)
    # Stars in a row are one.
    parts = tuple(p for i, p in enumerate(parts) if i == 0 or p != STAR or parts[i - 1] != STAR)
    literals = sum(isinstance(part, str) for part in parts)
    if literals > 1 or (literals == 0 and parts):
        return None
    if len(parts) <= 1:
        return "equals"
    if len(parts) == 3:
        return "contains"
    return "endswith" if parts[0] == STAR else "startswith"


def _equals(field: str, texts: tuple[str, ...]) -> Test:
    known = frozenset(texts)

    def test(record: Folded) -> bool:
        value = record[field]
        if value.__class__ is str:
            return value in known
        return value is not None and not known.isdisjoint(value)

    return test


def _endswith(field: str, texts: tuple[str, ...]) -> Test:
    def test(record: Folded) -> bool:
        value = record[field]
        if value.__class__ is str:
            return value.endswith(texts)
        return value is not None and any(one.endswith(texts) for one in value)

    return test


def _startswith(field: str, texts: tuple[str, ...]) -> Test:
    def test(record: Folded) -> bool:
        value = record[field]
        if value.__class__ is str:
            return value.startswith(texts)
        return value is not None and any(one.startswith(texts) for one in value)

    return test


def _contains(field: str, texts: tuple[str, ...]) -> Test:
    def test(record: Folded) -> bool:
        value = record[field]
        if value is None:
            return False
        for one in (value,) if value.__class__ is str else value:
            for text in texts:
                if text in one:
                    return True
        return False

    return test


_JOINED = {
    "equals": _equals,
    "endswith": _endswith,
    "startswith": _startswith,
    "contains": _contains,
}


def _glob(node: Like) -> Test:
    field = node.field or KEYWORDS
    parts = node.parts if node.field else glob.unanchored(node.parts)
    if node.cased:
        match = glob.matcher(parts)
        return lambda record: any(match(text) for text in record.texts(field))
    match = glob.matcher(tuple(fold(p) if isinstance(p, str) else p for p in parts))

    def test(record: Folded) -> bool:
        value = record[field]
        if value is None:
            return False
        return any(match(text) for text in ((value,) if isinstance(value, str) else value))

    return test


def _regex(node: Regex) -> Test:
    search = regexes.searcher(node.pattern, node.flags)
    field = node.field or KEYWORDS
    return lambda record: any(search(text) for text in record.texts(field))


def _number(node: Number) -> Test:
    field, wanted = node.field or KEYWORDS, node.value
    return lambda record: any(number(value) == wanted for value in record.raw(field))


def _bool(node: Bool) -> Test:
    field, wanted = node.field, "true" if node.value else "false"

    def test(record: Folded) -> bool:
        value = record[field]
        return (
            value == wanted if isinstance(value, str) else bool(value) and wanted in (value or ())
        )

    return test


def _null(node: Null) -> Test:
    field = node.field

    def test(record: Folded) -> bool:
        values = record.raw(field)
        return not values or None in values

    return test


def _exists(node: Exists) -> Test:
    field, expected = node.field, node.expected
    return lambda record: (field in record.fields) is expected


def _cidr(node: Cidr) -> Test:
    field, network = node.field, ipaddress.ip_network(node.network)

    def test(record: Folded) -> bool:
        for text in record.texts(field):
            found = address(text)
            if found is not None and found.version == network.version and found in network:
                return True
        return False

    return test


def _compare(node: Compare) -> Test:
    field, op, bound = node.field, node.op, node.value

    def test(record: Folded) -> bool:
        found = (number(value) for value in record.raw(field))
        return any(value is not None and compare(op, value, bound) for value in found)

    return test


def _fieldref(node: FieldRef) -> Test:
    def test(record: Folded) -> bool:
        others = tuple(map(fold, record.texts(node.other)))
        return any(
            _refers(value, other, node)
            for value in map(fold, record.texts(node.field))
            for other in others
        )

    return test


def _refers(value: str, other: str, node: FieldRef) -> bool:
    if node.starts and node.ends:
        return other in value
    if node.starts:
        return value.startswith(other)
    return value.endswith(other) if node.ends else value == other


def _time_part(node: TimePart) -> Test:
    def test(record: Folded) -> bool:
        for text in record.texts(node.field):
            part = time_part(text, node.part)
            if part is not None and compare(node.op, part, node.value):
                return True
        return False

    return test


_LEAVES: dict[type, Callable[..., Test]] = {
    Regex: _regex,
    Number: _number,
    Bool: _bool,
    Null: _null,
    Exists: _exists,
    Cidr: _cidr,
    Compare: _compare,
    FieldRef: _fieldref,
    TimePart: _time_part,
}


def number(value: object) -> int | float | None:
    """The number that a value is or writes (decimal, or hexadecimal with 0x); None if none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    return _number_in(value) if isinstance(value, str) and len(value) <= 64 else None


@lru_cache(maxsize=4096)
def _number_in(text: str) -> int | float | None:
    stripped = text.strip()
    if _HEXADECIMAL.fullmatch(stripped):
        return int(stripped, 16)
    if _DECIMAL.fullmatch(stripped) is None:
        return None
    return int(stripped) if stripped.lstrip("+-").isdecimal() else float(stripped)


def compare(op: str, value: float, bound: float) -> bool:
    """Apply one of Sigma's comparison operators."""
    if op == "eq":
        return value == bound
    if op == "lt":
        return value < bound
    if op == "lte":
        return value <= bound
    return value > bound if op == "gt" else value >= bound


def address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The IP address a text is, its zone cut off, a mapped IPv4 address as such."""
    try:
        found = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped
    return found


def time_part(text: str, part: str) -> int | None:
    """Minute, hour, day of month, ISO week, month or year (UTC) of an ISO 8601 time."""
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    return time.isocalendar().week if part == "week" else int(getattr(time, part))
