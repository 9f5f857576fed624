"""A rule's `detection` section: maps and lists of values to condition trees.

Source: Sigma specification 2.x, "Detection": a map's items all hold, a list's items are
alternatives; an empty list means null.
"""

from __future__ import annotations

from collections.abc import Mapping

from exward.rules import conditions, values
from exward.rules.ir import Node, Not, Null
from exward.rules.modifiers import MODIFIERS, Item, Scalar, leaves

Placeholders = Mapping[str, tuple[str, ...]]
MAX_DEPTH = 20


def parse(detection: Mapping[str, object], placeholders: Placeholders) -> Node:
    """The whole section as one tree; raises ValueError with a sentence for the rule's author."""
    searches = {
        str(name): _search(definition, placeholders, str(name), 0)
        for name, definition in detection.items()
        if name not in {"condition", "timeframe"}
    }
    if not searches:
        raise ValueError("the detection defines no search")
    stated = detection.get("condition")
    texts = stated if isinstance(stated, list) else [stated]
    if not texts or not all(isinstance(text, str) for text in texts):
        raise ValueError("the detection has no condition")
    return conditions.any_of([conditions.parse(str(text), searches) for text in texts])


def unresolved(detection: object, placeholders: Placeholders) -> tuple[str, ...]:
    """Names of `%placeholders%` in `expand` values that have no values."""
    found: set[str] = set()
    if isinstance(detection, list):
        return tuple(sorted({n for one in detection for n in unresolved(one, placeholders)}))
    if not isinstance(detection, Mapping):
        return ()
    for key, value in detection.items():
        if "expand" in str(key).split("|")[1:]:
            for text in value if isinstance(value, list) else [value]:
                found.update(str(text).split("%")[1::2])
        else:
            found.update(unresolved(value, placeholders))
    return tuple(sorted(found - set(placeholders)))


def _search(definition: object, placeholders: Placeholders, name: str, depth: int) -> Node:
    if depth > MAX_DEPTH:
        raise ValueError(f"search {name!r} is nested deeper than {MAX_DEPTH}")
    if isinstance(definition, Mapping):
        if not definition:
            raise ValueError(f"search {name!r} is empty")
        return conditions.all_of(
            [_item(str(key), value, placeholders) for key, value in definition.items()]
        )
    if isinstance(definition, list):
        if not definition:
            raise ValueError(f"search {name!r} is empty")
        if any(isinstance(entry, Mapping | list) for entry in definition):
            return conditions.any_of(
                [_search(entry, placeholders, name, depth + 1) for entry in definition]
            )
    return _item("", definition, placeholders)


def _item(key: str, value: object, placeholders: Placeholders) -> Node:
    field, *names = key.split("|")
    unknown = [name for name in names if name not in MODIFIERS]
    if unknown:
        raise ValueError(f"unknown modifier {unknown[0]!r} at {key!r}")
    raw = [_scalar(entry, key) for entry in (value if isinstance(value, list) else [value])]
    if not raw:
        if not field:
            raise ValueError("an empty list needs a field")
        return Null(field)
    try:
        nodes = [_value(field or None, entry, names, placeholders) for entry in raw]
    except ValueError as error:
        raise ValueError(f"{key or 'keywords'}: {error}") from error
    node = conditions.all_of(nodes) if "all" in names else conditions.any_of(nodes)
    return Not(node) if "neq" in names else node


def _value(field: str | None, value: Scalar, names: list[str], placeholders: Placeholders) -> Node:
    """One written value; where modifiers make several forms of it, any form will do."""
    parsed = values.parse(value) if isinstance(value, str) else value
    item = Item(field=field, values=(parsed,), raw=(value,), placeholders=placeholders)
    for name in names:
        item = MODIFIERS[name](item)
    return conditions.any_of(list(leaves(item)))


def _scalar(value: object, key: str) -> Scalar:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Mapping | list):
        raise ValueError(f"{key}: a value must be a text, a number, a truth value or null")
    return str(value)  # a YAML date
