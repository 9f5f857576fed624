"""Sigma documents (rules, correlations, filters) to what the engine works with.

Source: Sigma specification 2.x. A document that cannot be used becomes an `Unusable` with the
reason; it never stops the others.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from exward.rules import conditions, correlation_loader, detections
from exward.rules.detections import Placeholders
from exward.rules.ir import Correlation, LogSource, Meta, Node, Rule, RuleSet, Unusable

Document = Mapping[str, object]
_LEVELS = {"informational", "low", "medium", "high", "critical"}


class Located(NamedTuple):
    """A YAML document and where it stands."""

    path: str
    line: int
    document: object
    merged: bool = False
    """Whether the document took parts of another one of its file (`action: global`)."""


class Filter(NamedTuple):
    """A Sigma filter: a condition added to the rules it names (empty: to all of its log source)."""

    logsource: LogSource
    rules: frozenset[str]
    condition: Node


def build(documents: Iterable[Located], placeholders: Placeholders) -> RuleSet:
    """Build the rule set; ids are unique in it, lists sorted by id."""
    rules: list[Rule] = []
    filters: list[Filter] = []
    pending: list[tuple[Meta, Document]] = []
    unusable: list[Unusable] = []
    paths: dict[str, str] = {}
    for located in documents:
        try:
            document = _mapping(located)
            meta = _meta(document, located.path)
            # Documents of one file may share their id: one rule over several log sources.
            if meta.id in paths and not (located.merged and paths[meta.id] == located.path):
                raise ValueError(f"has the same id as {paths[meta.id]}")
            if "correlation" in document:
                pending.append((meta, document))
            elif "filter" in document:
                filters.append(_filter(document, placeholders))
            else:
                rules.append(_rule(meta, document, placeholders))
            paths[meta.id] = located.path
        except ValueError as error:
            unusable.append(_unusable(located, str(error)))
    filtered = [_filtered(rule, filters) for rule in rules]
    correlations, failed = correlation_loader.resolve(pending, filtered)
    unusable += failed
    return RuleSet(
        rules=tuple(sorted(_reported(filtered, correlations), key=lambda rule: rule.meta.id)),
        correlations=tuple(sorted(correlations, key=lambda rule: rule.meta.id)),
        unusable=tuple(sorted(unusable, key=lambda bad: (bad.path, bad.id, bad.reason))),
    )


def merge_actions(documents: Iterable[Located]) -> Iterator[Located]:
    """Apply `action: global|reset|repeat` of multi-document files (Sigma 1, still in use)."""
    base: dict[str, object] = {}
    last: dict[str, object] = {}
    for located in documents:
        document = located.document
        if not isinstance(document, dict):
            yield located
            continue
        action = document.get("action")
        body = {key: value for key, value in document.items() if key != "action"}
        if action == "global":
            base = body
        elif action == "reset":
            base = {}
        else:
            before = last if action == "repeat" else base
            last = _merged(before, body)
            yield Located(located.path, located.line, last, bool(before))


def _merged(base: Mapping[str, object], over: Mapping[str, object]) -> dict[str, object]:
    result = dict(base)
    for key, value in over.items():
        known = result.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            result[key] = _merged(known, value)
        else:
            result[key] = value
    return result


def _mapping(located: Located) -> Document:
    if not isinstance(located.document, dict):
        raise ValueError("is no Sigma document (a map with title, logsource and detection)")
    return located.document


def _rule(meta: Meta, document: Document, placeholders: Placeholders) -> Rule:
    detection = document.get("detection")
    if not isinstance(detection, dict):
        raise ValueError("has no detection section")
    return Rule(
        meta=meta,
        logsource=_logsource(document),
        condition=detections.parse(detection, placeholders),
        notes=tuple(
            f"placeholder %{name}% has no values and fits nothing: give them with --placeholders"
            for name in detections.unresolved(detection, placeholders)
        ),
    )


def _filter(document: Document, placeholders: Placeholders) -> Filter:
    section = document["filter"]
    if not isinstance(section, dict):
        raise ValueError("the filter section must be a map")
    named = section.get("rules")
    searches = {key: value for key, value in section.items() if key != "rules"}
    anything = named is None or named == [] or str(named).lower() == "any"
    names = named if isinstance(named, list) else [named]
    return Filter(
        logsource=_logsource(document),
        rules=frozenset() if anything else frozenset(str(name) for name in names),
        condition=detections.parse(searches, placeholders),
    )


def _filtered(rule: Rule, filters: Iterable[Filter]) -> Rule:
    added = [
        entry.condition
        for entry in filters
        if _covers(entry.logsource, rule.logsource)
        and (not entry.rules or entry.rules & {rule.meta.id, rule.meta.name})
    ]
    if not added:
        return rule
    return msgspec.structs.replace(rule, condition=conditions.all_of([rule.condition, *added]))


def _covers(wide: LogSource, narrow: LogSource) -> bool:
    return (
        wide.category in {"", narrow.category}
        and wide.product in {"", narrow.product}
        and wide.service in {"", narrow.service}
    )


def _reported(rules: list[Rule], correlations: list[Correlation]) -> Iterator[Rule]:
    """Rules that only feed correlations do not report on their own (`generate`)."""
    silent = {name for entry in correlations if not entry.generate for name in entry.rules}
    silent -= {name for entry in correlations if entry.generate for name in entry.rules}
    for rule in rules:
        if rule.meta.id in silent:
            yield msgspec.structs.replace(rule, report=False)
        else:
            yield rule


def _logsource(document: Document) -> LogSource:
    section = document.get("logsource")
    if not isinstance(section, dict) or not section:
        raise ValueError("has no logsource section")
    return LogSource(
        category=_text(section.get("category")).lower(),
        product=_text(section.get("product")).lower(),
        service=_text(section.get("service")).lower(),
    )


def _meta(document: Document, path: str) -> Meta:
    title = _text(document.get("title")) or "(no title)"
    level = _text(document.get("level")).lower() or "medium"
    if level not in _LEVELS:
        raise ValueError(f"level {level!r} is none of {', '.join(sorted(_LEVELS))}")
    extra = document.get("exward")
    own = extra if isinstance(extra, dict) else {}
    stated = document.get("id")
    return Meta(
        # A rule without an id gets one that is the same on every machine.
        id=str(stated) if stated else str(uuid.uuid5(uuid.NAMESPACE_OID, _identity(document))),
        title=title,
        path=path,
        name=_text(document.get("name")),
        level=level,
        status=_text(document.get("status")),
        description=_text(document.get("description")),
        author=_text(document.get("author")),
        references=_texts(document.get("references")),
        tags=_texts(document.get("tags")),
        falsepositives=_texts(document.get("falsepositives")),
        fields=_texts(document.get("fields")),
        stage=_text(own.get("stage")),
        grade=_text(own.get("grade")),
        confidence=_text(own.get("confidence")),
        advice=_text(own.get("advice")),
        explained_by=_texts(own.get("explained_by")),
        marks=_text(own.get("marks")),
    )


def _identity(document: Document) -> str:
    parts = ("title", "logsource", "detection", "correlation", "filter")
    return repr([(key, document.get(key)) for key in parts])


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _texts(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(_text(entry) for entry in (value if isinstance(value, list) else [value]))


def _unusable(located: Located, reason: str) -> Unusable:
    document = located.document if isinstance(located.document, dict) else {}
    return Unusable(
        path=f"{located.path}:{located.line}",
        id=_text(document.get("id")),
        title=_text(document.get("title")),
        reason=reason,
    )
