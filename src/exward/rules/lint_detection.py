"""Checks of what a rule looks for: log source, fields, values, condition."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from exward.rules import detections, regexes, routing, safe_yaml
from exward.rules.ir import LogSource
from exward.rules.lint_subject import Check, Found, Subject, is_correlation, section, text_of
from exward.rules.modifiers import MODIFIERS

_WORD = re.compile(r"[\w.*?-]+")
_NUMBERED = {
    "Data": re.compile(r"Data\[\d+\]"),
    "Parameters": re.compile(r"Parameter\.[A-Za-z]\w*"),
    "ModifiedProperties": re.compile(r"ModifiedProperty\.[A-Za-z]\w*"),
}
"""Fields without number, and the listed field that stands for them."""
_LEADING = re.compile(r"(?:\(\?[a-z]+\))?\(?(?:\.\*|\.\+)")
_TRAILING = re.compile(r"(?<!\\)\.\*\??\)?$")
_OPEN_REPEAT = r"(?:[*+]|\{\d+,\})"
_NESTED_REPEAT = re.compile(rf"\((?:\?:)?[^()]*[^()\\]{_OPEN_REPEAT}\??\){_OPEN_REPEAT}")
_TEXT_MODIFIERS = frozenset({"contains", "startswith", "endswith"})


class Item(NamedTuple):
    """One `field|modifier: value` of a detection, with each of its values."""

    field: str
    modifiers: tuple[str, ...]
    values: tuple[object, ...]

    @property
    def key(self) -> str:
        """As written in the rule."""
        return "|".join((self.field, *self.modifiers))


def items(subject: Subject) -> Iterator[Item]:
    """All items of the detection (or of a filter), keywords under the empty field name."""
    for part in ("detection", "filter"):
        for name, definition in section(subject.document, part).items():
            if name not in {"condition", "timeframe", "rules"}:
                yield from _items(definition)


def _items(definition: object) -> Iterator[Item]:
    if isinstance(definition, dict):
        for key, value in definition.items():
            field, *modifiers = str(key).split("|")
            values = tuple(value) if isinstance(value, list) else (value,)
            yield Item(field, tuple(modifiers), values)
    elif isinstance(definition, list):
        keywords = tuple(one for one in definition if not isinstance(one, dict | list))
        if keywords:
            yield Item("", (), keywords)
        for one in definition:
            if isinstance(one, dict | list):
                yield from _items(one)
    else:
        yield Item("", (), (definition,))


def _unknown_log_source(subject: Subject) -> Iterator[Found]:
    stated = section(subject.document, "logsource")
    if not stated or is_correlation(subject.document):
        return
    reason = routing.problem(_log_source(stated))
    if reason:
        yield Found(reason, "logsource")


def _log_source(stated: Mapping[str, object]) -> LogSource:
    return LogSource(
        category=text_of(stated, "category").lower(),
        product=text_of(stated, "product").lower(),
        service=text_of(stated, "service").lower(),
    )


@cache
def _taxonomy() -> tuple[Mapping[str, object], ...]:
    """The documents of `taxonomy/`, in the order of their names."""
    folder = Path(str(resources.files("exward.rules").joinpath("taxonomy")))
    documents = [
        safe_yaml.load_documents(path)[0].document for path in sorted(folder.glob("*.yml"))
    ]
    return tuple(document for document in documents if isinstance(document, dict))


@cache
def known_fields(category: str, service: str) -> frozenset[str] | None:
    """Fields of a log source; None if the taxonomy does not list them."""
    kind, wanted = ("categories", category) if category else ("services", service)
    listed = [
        str(name)
        for file in _taxonomy()
        if isinstance(names := section(file, kind).get(wanted), list)
        for name in names
    ]
    if not listed:
        return None
    patterns = routing.patterns_of(LogSource(category=category, product="", service=service))
    if any(pattern.log == "windows" for pattern in patterns):
        listed.append("windows")
    return frozenset(field for name in listed for field in _group(name))


def _group(name: str) -> list[str]:
    """The fields of a named group; a name that is no group is a field."""
    for file in _taxonomy():
        if isinstance(fields := file.get(name), list):
            return [str(field) for field in fields]
    return [name]


def _unknown_field(subject: Subject) -> Iterator[Found]:
    stated = _log_source(section(subject.document, "logsource"))
    known = known_fields(stated.category, stated.service)
    if known is None:
        return
    for item in items(subject):
        if item.field and item.field not in known and not _is_numbered(item.field, known):
            yield Found(f"this log source has no field {item.field!r}", item.key)


def _is_numbered(field: str, known: frozenset[str]) -> bool:
    return any(name in known and form.fullmatch(field) for name, form in _NUMBERED.items())


def _unknown_modifier(subject: Subject) -> Iterator[Found]:
    for item in items(subject):
        for modifier in item.modifiers:
            if modifier not in MODIFIERS:
                yield Found(f"there is no modifier {modifier!r}", item.key)


def _unused_selection(subject: Subject) -> Iterator[Found]:
    detection = section(subject.document, "detection")
    condition = detection.get("condition")
    if condition is None:
        return
    texts = condition if isinstance(condition, list) else [condition]
    words = [word for text in texts for word in _WORD.findall(str(text))]
    for name in detection:
        if name not in {"condition", "timeframe"} and not _is_used(name, words):
            yield Found(f"the condition does not use {name!r}", name)


def _is_used(name: str, words: list[str]) -> bool:
    if "them" in words and not name.startswith("_"):
        return True
    return any(fnmatch.fnmatchcase(name, word) for word in words)


def _placeholder(subject: Subject) -> Iterator[Found]:
    for name in detections.unresolved(section(subject.document, "detection"), {}):
        yield Found(f"the placeholder %{name}% needs values", "detection")


def _useless_wildcard(subject: Subject) -> Iterator[Found]:
    for item in items(subject):
        if "re" in item.modifiers:
            continue
        begins = "contains" in item.modifiers or "endswith" in item.modifiers
        ends = "contains" in item.modifiers or "startswith" in item.modifiers
        for value in item.values:
            text = value if isinstance(value, str) else ""
            if "**" in text.replace("\\*", ""):
                yield Found(f"{text[:80]!r} has two wildcards in a row", item.key)
            elif len(text) > 1 and (
                (begins and text.startswith("*"))
                or (ends and text.endswith("*") and not text.endswith("\\*"))
            ):
                yield Found(f"{text[:80]!r} has a wildcard that its modifier adds anyway", item.key)


def _matches_anything(subject: Subject) -> Iterator[Found]:
    for item in items(subject):
        texts = _TEXT_MODIFIERS.intersection(item.modifiers)
        for value in item.values:
            if value in {"*", "**"} if isinstance(value, str) else False:
                yield Found("the value '*' matches whatever is there", item.key)
            elif value == "" and texts:
                yield Found("an empty text with this modifier matches whatever is there", item.key)


def _patterns(subject: Subject) -> Iterator[tuple[Item, str]]:
    for item in items(subject):
        if "re" in item.modifiers:
            yield from ((item, str(value)) for value in item.values)


def _bad_regex(subject: Subject) -> Iterator[Found]:
    for item, pattern in _patterns(subject):
        flags = "".join(sorted({name[:1] for name in item.modifiers} & {"i", "m", "s"}))
        try:
            regexes.searcher(pattern, flags)
        except ValueError as error:
            yield Found(str(error), item.key)


def _open_regex(subject: Subject) -> Iterator[Found]:
    for item, pattern in _patterns(subject):
        if _LEADING.match(pattern) is not None or _TRAILING.search(pattern) is not None:
            yield Found(f"/{pattern[:80]}/ begins or ends with a wildcard", item.key)


def _slow_regex(subject: Subject) -> Iterator[Found]:
    for item, pattern in _patterns(subject):
        if _NESTED_REPEAT.search(pattern) is not None:
            yield Found(f"/{pattern[:80]}/ repeats a repetition", item.key)


def _short_regex(subject: Subject) -> Iterator[Found]:
    for item, pattern in _patterns(subject):
        if len(pattern.strip("^$.*+?()")) <= 1:
            yield Found(f"/{pattern}/ asks for at most one character", item.key)


CHECKS = (
    Check(
        "log-source",
        "warning",
        "Use a log source of logsources/, or add one there; until then the rule cannot fire.",
        _unknown_log_source,
    ),
    Check(
        "field",
        "warning",
        "Correct the spelling; if the events have the field, add it to taxonomy/.",
        _unknown_field,
    ),
    Check("modifier", "error", "Use a modifier of the Sigma specification.", _unknown_modifier),
    Check("unused-search", "warning", "Use the search in the condition or remove it.",
          _unused_selection),
    Check("placeholder", "info", "Give the values when scanning.", _placeholder),
    Check("wildcard", "info", "Remove the wildcard; it changes nothing.", _useless_wildcard),
    Check(
        "matches-anything",
        "warning",
        "Use `field|exists: true` if that is meant, else name what to look for.",
        _matches_anything,
    ),
    Check("regex", "error", "Correct the regular expression.", _bad_regex),
    Check(
        "regex-open",
        "info",
        "Remove `.*` at either end: a search finds the rest anywhere in the value.",
        _open_regex,
    ),
    Check(
        "regex-slow",
        "warning",
        "Avoid a repetition inside a repetition: other engines take exponential time for it.",
        _slow_regex,
    ),
    Check("regex-short", "warning", "Ask for more text; this matches nearly everything.",
          _short_regex),
)  # fmt: skip
