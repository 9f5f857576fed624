"""Sigma correlation documents, and which rules they refer to.

Source: Sigma specification 2.x, "Sigma Correlation Rules Specification".
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence

from exward.rules.correlate import problem
from exward.rules.ir import Correlation, CorrelationType, Meta, Rule, Unusable

_TIMESPAN = re.compile(r"(\d+)([smhdwMy])\Z")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "M": 2_629_746, "y": 31_556_952}
_BOUNDS = ("lt", "lte", "gt", "gte", "eq", "neq")
_VALUE_TYPES = {
    CorrelationType.VALUE_COUNT,
    CorrelationType.VALUE_SUM,
    CorrelationType.VALUE_AVG,
    CorrelationType.VALUE_PERCENTILE,
    CorrelationType.VALUE_MEDIAN,
}
_TEMPORAL = {
    CorrelationType.TEMPORAL: CorrelationType.EXTENDED_TEMPORAL,
    CorrelationType.TEMPORAL_ORDERED: CorrelationType.EXTENDED_TEMPORAL_ORDERED,
}
_WORD = re.compile(r"[\w.-]+")


def resolve(
    documents: Sequence[tuple[Meta, Mapping[str, object]]], rules: Iterable[Rule]
) -> tuple[list[Correlation], list[Unusable]]:
    """Build the correlations; those with an error, an unknown rule or a cycle are unusable."""
    names = {rule.meta.name: rule.meta.id for rule in rules if rule.meta.name}
    names |= {rule.meta.id: rule.meta.id for rule in rules}
    names |= {meta.name: meta.id for meta, _ in documents if meta.name}
    names |= {meta.id: meta.id for meta, _ in documents}
    built: dict[str, Correlation] = {}
    failed: dict[str, Unusable] = {}
    for meta, document in documents:
        try:
            built[meta.id] = _correlation(meta, document, names)
            if wrong := problem(built[meta.id]):
                del built[meta.id]
                raise ValueError(wrong)
        except ValueError as error:
            failed[meta.id] = _unusable(meta, str(error))
    known = {rule.meta.id for rule in rules}
    # Whoever refers to an unusable rule or to itself in a circle never becomes resolvable.
    usable: dict[str, Correlation] = {}
    while ready := [
        entry
        for key, entry in built.items()
        if key not in usable and all(name in known or name in usable for name in entry.rules)
    ]:
        usable.update((entry.meta.id, entry) for entry in ready)
    for key, entry in built.items():
        if key not in usable:
            failed[key] = _unusable(
                entry.meta, "refers to itself in a circle, or to a rule that cannot be used"
            )
    return list(usable.values()), list(failed.values())


def _correlation(
    meta: Meta, document: Mapping[str, object], names: Mapping[str, str]
) -> Correlation:
    section = document["correlation"]
    if not isinstance(section, dict):
        raise ValueError("the correlation section must be a map")
    kind = _kind(section.get("type"))
    stated = section.get("condition")
    expression = stated if isinstance(stated, str) else ""
    if expression:
        if kind not in _TEMPORAL:
            raise ValueError("a condition over rule names belongs to a temporal correlation")
        kind = _TEMPORAL[kind]
    references = _texts(section.get("rules")) or tuple(_expression_names(expression))
    if not references:
        raise ValueError("the correlation names no rules")
    resolved = {name: _resolved(name, names) for name in references}
    bounds = _bounds(stated if isinstance(stated, dict) else {})
    if kind not in {*_TEMPORAL, *_TEMPORAL.values()} and not bounds:
        raise ValueError("the correlation has no condition such as `gte: 10`")
    condition = stated if isinstance(stated, dict) else {}
    field = _texts(condition.get("field"))
    if kind in _VALUE_TYPES and not field:
        raise ValueError("a value correlation's condition needs a field")
    return Correlation(
        meta=meta,
        type=kind,
        rules=tuple(dict.fromkeys(resolved.values())),
        group_by=_texts(section.get("group-by")),
        timespan_s=_timespan(section.get("timespan")),
        bounds=bounds,
        field=field,
        percentile=_number(condition.get("percentile", 50), "percentile"),
        expression=_WORD.sub(lambda word: resolved.get(word[0], word[0]), expression),
        aliases=_aliases(section.get("aliases"), names),
        generate=_flag(section.get("generate")),
    )


def _kind(value: object) -> CorrelationType:
    name = str(value).upper()
    if name not in CorrelationType.__members__ or name.startswith("EXTENDED"):
        raise ValueError(f"correlation type {value!r} is not known")
    return CorrelationType[name]


def _expression_names(expression: str) -> list[str]:
    words = _WORD.findall(expression)
    return [word for word in dict.fromkeys(words) if word.lower() not in {"and", "or", "not"}]


def _resolved(name: str, names: Mapping[str, str]) -> str:
    if name not in names:
        raise ValueError(f"refers to rule {name!r}, which was not loaded")
    return names[name]


def _bounds(condition: Mapping[str, object]) -> tuple[tuple[str, float], ...]:
    unknown = set(condition) - {*_BOUNDS, "field", "percentile"}
    if unknown:
        raise ValueError(f"the correlation's condition has an unknown key {min(unknown)!r}")
    return tuple((op, _number(condition[op], op)) for op in _BOUNDS if op in condition)


def _number(value: object, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"{name} must be a number")
    try:
        number = float(value)
    except ValueError:
        raise ValueError(f"{name} must be a number") from None
    if not math.isfinite(number):
        raise ValueError(f"{name} must be finite")
    return number


def _timespan(value: object) -> int:
    found = _TIMESPAN.match(str(value))
    if found is None:
        raise ValueError(f"timespan {value!r} is not like 30s, 5m, 1h, 2d")
    return int(found[1]) * _SECONDS[found[2]]


def _aliases(value: object, names: Mapping[str, str]) -> dict[str, dict[str, str]]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError("aliases must be a map")
    result: dict[str, dict[str, str]] = {}
    for alias, fields in value.items():
        if not isinstance(fields, dict):
            raise ValueError(f"alias {alias!r} must map rules to fields")
        result[str(alias)] = {
            _resolved(str(rule), names): str(field) for rule, field in fields.items()
        }
    return result


def _flag(value: object) -> bool:
    if value is None or isinstance(value, bool):
        return bool(value)
    raise ValueError("generate must be true or false")


def _texts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(str(entry) for entry in (value if isinstance(value, list) else [value]))


def _unusable(meta: Meta, reason: str) -> Unusable:
    return Unusable(path=meta.path, id=meta.id, title=meta.title, reason=reason)
