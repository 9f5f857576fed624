"""Sigma the slow and obvious way: one rule, one record, straight from the specification.

Shares no code with `exward.rules` nor with pySigma. To be read beside docs/sigma.md and the Sigma
specification 2.x (sigma-rules-specification.md, sigma-appendix-modifiers.md). Speed is no aim;
`prepare` only spares reading the same rule again for every record.
"""

from __future__ import annotations

import base64
import functools
import ipaddress
import itertools
import re
from collections.abc import Callable
from datetime import UTC, datetime

from tests.differential import slow_conditions
from tests.differential.slow_conditions import Fields, NotSigma, Search


class Wildcard:
    """`*` or `?` in a value, as opposed to the plain character."""

    def __init__(self, regex: str) -> None:
        self.regex = regex


ANY = Wildcard(".*")
ONE = Wildcard(".")
Pattern = tuple["str | Wildcard", ...]
"""A value character by character."""


def matches(rule: dict, fields: Fields, text: list[str]) -> bool:
    """Say whether the record matches; `text` is what keywords are searched in."""
    return prepare(rule)(fields, text)


def search_text(fields: Fields) -> list[str]:
    """What keywords are searched in for a Windows event: all values, one below the other."""
    return ["\n".join(text for value in fields.values() for text in texts_of(value))]


# Condition


def prepare(rule: dict) -> Search:
    """The rule's detection as a function of (fields, text)."""
    detection = rule["detection"]
    searches = {
        str(name): search(definition)
        for name, definition in detection.items()
        if name not in ("condition", "timeframe")
    }
    stated = detection["condition"]
    conditions = stated if isinstance(stated, list) else [stated]
    trees = [slow_conditions.parse(text, tuple(searches)) for text in conditions]
    return lambda fields, text: any(
        slow_conditions.truth(tree, searches, fields, text) for tree in trees
    )


# Searches: a map's items all hold; a list's entries are alternatives.


def search(definition: object) -> Search:
    if isinstance(definition, dict):
        items = [item(str(key), value) for key, value in definition.items()]
        return lambda fields, text: all(test(fields, text) for test in items)
    if isinstance(definition, list) and any(isinstance(d, dict | list) for d in definition):
        entries = [search(entry) for entry in definition]
        return lambda fields, text: any(test(fields, text) for test in entries)
    return item("", definition)


def item(key: str, value: object) -> Search:
    """`field|modifier|modifier: value or list of values`; without a field: keywords."""
    field, *modifiers = key.split("|")
    written = value if isinstance(value, list) else [value]
    if not written:  # an empty list is the empty value
        written = [None]
    tests = [one_value(field, modifiers, entry) for entry in written]
    join = all if "all" in modifiers else any
    if "neq" in modifiers:
        return lambda fields, text: not join(test(fields, text) for test in tests)
    return lambda fields, text: join(test(fields, text) for test in tests)


def one_value(field: str, modifiers: list[str], value: object) -> Search:
    """The test for one written value: the modifiers say what to do with it."""
    modifiers = [name for name in modifiers if name not in ("all", "neq")]
    unknown = set(modifiers) - KNOWN
    if unknown:
        raise NotSigma(f"modifiers {unknown}")
    if isinstance(value, dict | list):
        raise NotSigma("nested value")
    if "re" in modifiers:
        return over_texts(field, regular_expression(str(value), modifiers))
    if not field:
        return over_texts(field, like(value, modifiers, anchored=False))
    if value is None and not modifiers:
        return lambda fields, text: is_null(fields.get(field))
    if isinstance(value, bool) and not modifiers:
        return over_texts(field, lambda text: text.casefold() == str(value).lower())
    if isinstance(value, int | float) and not modifiers:
        return over_values(field, lambda found: number_of(found) == value)
    for name, make in TYPES.items():
        if name in modifiers:
            return make(field, value, modifiers)
    return over_texts(field, like(value, modifiers, anchored=True))


# Values of a record


def values_of(value: object) -> list[object]:
    """A field's values: a list holds several, of which any may match."""
    return value if isinstance(value, list) else [value]


def is_null(value: object) -> bool:
    """Absent, null, or among several values a null."""
    return value == [] or None in values_of(value)


def texts_of(value: object) -> list[str]:
    """A field's values as text; null has none."""
    texts = []
    for one in values_of(value):
        if one is None:
            continue
        if isinstance(one, bool):
            texts.append("true" if one else "false")
        elif isinstance(one, float):
            texts.append(repr(one))
        else:
            texts.append(str(one))
    return texts


def over_texts(field: str, test: Callable[[str], bool]) -> Search:
    """Any text of the field passes; without a field: any of the record's search texts."""
    if not field:
        return lambda fields, text: any(test(one) for one in text)
    return lambda fields, text: any(test(one) for one in texts_of(fields.get(field)))


def over_values(field: str, test: Callable[[object], bool]) -> Search:
    return lambda fields, text: any(test(one) for one in values_of(fields.get(field)))


def number_of(value: object) -> int | float | None:
    """The number that a value is, or writes in ASCII: decimal, or hexadecimal with 0x."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    if not isinstance(value, str) or len(value) > 64:
        return None
    text = value.strip()
    if re.fullmatch("0[xX][0-9a-fA-F]+", text):
        return int(text, 16)
    if re.fullmatch("[+-]?[0-9]+", text):
        return int(text)
    if re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", text):
        return float(text)
    return None


# Strings


def like(value: object, modifiers: list[str], anchored: bool) -> Callable[[str], bool]:
    """Compare with wildcards, without regard to case unless `cased`."""
    if value is None:
        raise NotSigma("null takes no modifier and needs a field")
    regexes = [
        re.compile(pattern_regex(form, "cased" in modifiers), re.DOTALL)
        for form in forms(value, modifiers)
    ]
    fold = (lambda text: text) if "cased" in modifiers else folded

    def test(text: str) -> bool:
        text = fold(text)
        return any(r.fullmatch(text) if anchored else r.search(text) for r in regexes)

    return test


@functools.lru_cache(maxsize=100_000)
def folded(text: str) -> str:
    return text.casefold()


def pattern_regex(pattern: Pattern, cased: bool) -> str:
    return "".join(
        part.regex if isinstance(part, Wildcard) else re.escape(part if cased else part.casefold())
        for part in pattern
    )


def forms(value: object, modifiers: list[str]) -> list[Pattern]:
    """What the value becomes through its modifiers, from left to right; any form will do."""
    text = texts_of(value)[0]
    current: list[Pattern | bytes] = [parse_value(text) if isinstance(value, str) else tuple(text)]
    if "expand" in modifiers and re.search("%[^%]*%", text):
        return []  # a placeholder without values fits nothing
    for name in modifiers:
        if name in TRANSFORMATIONS:
            current = [form for one in current for form in TRANSFORMATIONS[name](one)]
    return [as_pattern(one) for one in current]


def parse_value(text: str) -> Pattern:
    r"""`*` and `?` are wildcards; a backslash makes these and itself plain, else is plain."""
    pattern: list[str | Wildcard] = []
    position = 0
    while position < len(text):
        char, following = text[position], text[position + 1 : position + 2]
        if char == "\\" and following in ("*", "?", "\\"):
            pattern.append(following)
            position += 2
            continue
        pattern.append({"*": ANY, "?": ONE}.get(char, char))
        position += 1
    return tuple(pattern)


def as_pattern(value: Pattern | bytes) -> Pattern:
    """Bytes are matched as the characters that they are."""
    return tuple(value.decode("latin-1")) if isinstance(value, bytes) else value


def plain(value: Pattern | bytes) -> str:
    pattern = as_pattern(value)
    if any(isinstance(part, Wildcard) for part in pattern):
        raise NotSigma("wildcards cannot be encoded")
    return "".join(str(part) for part in pattern)


def as_bytes(value: Pattern | bytes) -> bytes:
    return value if isinstance(value, bytes) else plain(value).encode()


def contains(value: Pattern | bytes) -> list[Pattern]:
    return [(ANY, *as_pattern(value), ANY)]


def startswith(value: Pattern | bytes) -> list[Pattern]:
    return [(*as_pattern(value), ANY)]


def endswith(value: Pattern | bytes) -> list[Pattern]:
    return [(ANY, *as_pattern(value))]


DASHES = ("-", "/", "\u2013", "\u2014", "\u2015")


def windash(value: Pattern | bytes) -> list[Pattern]:
    """Each `-` or `/` that begins a word, in all five spellings."""
    pattern = as_pattern(value)
    choices: list[tuple[str | Wildcard, ...]] = []
    for index, part in enumerate(pattern):
        before = pattern[index - 1] if index else ""
        after = pattern[index + 1] if index + 1 < len(pattern) else ""
        begins = part in ("-", "/") and not is_word(before) and is_word(after)
        choices.append(DASHES if begins else (part,))
    if sum(len(choice) == 5 for choice in choices) > 3:
        raise NotSigma("too many dashes")
    return list(itertools.product(*choices))


def is_word(part: str | Wildcard) -> bool:
    return isinstance(part, str) and (part.isalnum() or part == "_")


def encoded(codec: str, mark: bytes = b"") -> Callable[[Pattern | bytes], list[bytes]]:
    return lambda value: [mark + plain(value).encode(codec)]


def base64_whole(value: Pattern | bytes) -> list[Pattern]:
    return [tuple(base64.b64encode(as_bytes(value)).decode())]


def base64_offset(value: Pattern | bytes) -> list[Pattern]:
    """Where the value stands 0, 1 or 2 bytes into a group of three: only characters it decides."""
    found: list[Pattern] = []
    for offset in range(3):
        text = base64.b64encode(b"\0" * offset + as_bytes(value)).decode()
        first = {0: 0, 1: 2, 2: 3}[offset]
        # Of the last group, only characters whose six bits lie wholly inside the value.
        last = (offset + len(as_bytes(value))) * 8 // 6
        found.append(tuple(text[first:last]))
    return found


TRANSFORMATIONS: dict[str, Callable] = {
    "contains": contains,
    "startswith": startswith,
    "endswith": endswith,
    "windash": windash,
    "wide": encoded("utf-16-le"),
    "utf16le": encoded("utf-16-le"),
    "utf16be": encoded("utf-16-be"),
    "utf16": encoded("utf-16-le", b"\xff\xfe"),
    "base64": base64_whole,
    "base64offset": base64_offset,
}


def regular_expression(written: str, modifiers: list[str]) -> Callable[[str], bool]:
    """Searched anywhere, case-sensitive; `startswith` and `endswith` anchor it."""
    flags = {"i": re.I, "ignorecase": re.I, "m": re.M, "multiline": re.M, "s": re.S}
    flags["dotall"] = re.S
    if "startswith" in modifiers:
        written = rf"\A(?:{written})"
    if "endswith" in modifiers:
        written = rf"(?:{written})\Z"
    given = (flags[name] for name in modifiers if name in flags)
    compiled = re.compile(written, functools.reduce(int.__or__, map(int, given), 0))
    return lambda text: compiled.search(text) is not None


# Tests that are no comparison of strings: (field, value as written, modifiers)


def comparison(field: str, value: object, modifiers: list[str]) -> Search:
    compare, bound = operator_of(modifiers), number_of(value)
    if bound is None:
        raise NotSigma(f"{value} is no number")
    return over_values(field, lambda v: (n := number_of(v)) is not None and compare(n, bound))


def time_part(field: str, value: object, modifiers: list[str]) -> Search:
    part = next(name for name in modifiers if name in TIME_PARTS)
    compare, wanted = operator_of(modifiers), int(str(value))
    return over_texts(field, lambda text: compare_time(text, part, compare, wanted))


def operator_of(modifiers: list[str]) -> Callable:
    found = next((name for name in modifiers if name in COMPARISONS), None)
    return COMPARISONS[found] if found else lambda one, other: one == other


def exists(field: str, value: object, modifiers: list[str]) -> Search:
    return lambda fields, text: (field in fields) is value


def cidr(field: str, value: object, modifiers: list[str]) -> Search:
    network = ipaddress.ip_network(str(value), strict=False)
    return over_texts(field, lambda text: in_network(text, network))


def in_network(text: str, network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    try:
        address = ipaddress.ip_address(text.strip().split("%")[0])
    except ValueError:
        return False
    if address.version == 6 and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.version == network.version and address in network


def field_reference(field: str, value: object, modifiers: list[str]) -> Search:
    other = str(value)

    def compare(one: str, two: str) -> bool:
        if "contains" in modifiers or {"startswith", "endswith"} <= set(modifiers):
            return two in one
        if "startswith" in modifiers:
            return one.startswith(two)
        return one.endswith(two) if "endswith" in modifiers else one == two

    return lambda fields, text: any(
        compare(one.casefold(), two.casefold())
        for one in texts_of(fields.get(field))
        for two in texts_of(fields.get(other))
    )


def compare_time(text: str, part: str, compare: Callable, wanted: int) -> bool:
    """A part of an ISO 8601 time, in UTC; a time without an offset is UTC."""
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        return False
    time = time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    found = time.isocalendar().week if part == "week" else getattr(time, part)
    return compare(found, wanted)


TIME_PARTS = ("minute", "hour", "day", "week", "month", "year")
COMPARISONS = {
    "lt": lambda one, other: one < other,
    "lte": lambda one, other: one <= other,
    "gt": lambda one, other: one > other,
    "gte": lambda one, other: one >= other,
}
TYPES = {
    **dict.fromkeys(TIME_PARTS, time_part),
    **dict.fromkeys(COMPARISONS, comparison),
    "exists": exists,
    "cidr": cidr,
    "fieldref": field_reference,
}
KNOWN = {
    *TRANSFORMATIONS,
    *TYPES,
    *("re", "i", "ignorecase", "m", "multiline", "s", "dotall"),
    *("cased", "expand"),
}
