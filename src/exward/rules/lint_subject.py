"""What the checks of `lint` look at, and what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing to change in a rule file. `line` is 1-based."""

    path: str
    line: int
    severity: Severity
    code: str
    message: str
    recommendation: str


@dataclass(frozen=True, slots=True)
class Subject:
    """One YAML document of a rule file, after `action: global` and the like were applied.

    `line` is where the document begins, `text` the lines of the whole file; `in_pack` says that
    the file belongs to the pack this program ships.
    """

    path: str
    line: int
    document: Mapping[str, object]
    text: tuple[str, ...]
    in_pack: bool = False


class Found(NamedTuple):
    """What a check has to say, and the key of the document it concerns ("": the document)."""

    message: str
    key: str = ""


class Check(NamedTuple):
    """One check: its stable code, how bad a match is, what to do, and the function that looks."""

    code: str
    severity: Severity
    recommendation: str
    find: Callable[[Subject], Iterator[Found]]


def issues(check: Check, subject: Subject) -> Iterator[Issue]:
    """What one check says of one document."""
    for found in check.find(subject):
        yield Issue(
            path=subject.path,
            line=line_of(subject, found.key),
            severity=check.severity,
            code=check.code,
            message=found.message,
            recommendation=check.recommendation,
        )


def line_of(subject: Subject, key: str) -> int:
    """Line on which a key first stands at or after the document's beginning."""
    if key:
        wanted = (f"{key}:", f"'{key}':", f'"{key}":')
        for number in range(subject.line, len(subject.text) + 1):
            line = subject.text[number - 1]
            if line.lstrip(" -").startswith(wanted):
                return number
            if line.rstrip() == "---" and number > subject.line:
                break
    return subject.line


def text_of(document: Mapping[str, object], key: str) -> str:
    """The value as text without surrounding blanks; "" if absent or null."""
    value = document.get(key)
    return "" if value is None else str(value).strip()


def texts_of(document: Mapping[str, object], key: str) -> list[str]:
    """The value as a list of texts; a single value is a list of one."""
    value = document.get(key)
    if value is None:
        return []
    return [str(entry).strip() for entry in (value if isinstance(value, list) else [value])]


def section(document: Mapping[str, object], key: str) -> Mapping[str, object]:
    """A part that is a map; empty if it is absent or no map."""
    value = document.get(key)
    return {str(name): entry for name, entry in value.items()} if isinstance(value, dict) else {}


def is_correlation(document: Mapping[str, object]) -> bool:
    """Whether the document is a Sigma correlation rather than a rule."""
    return "correlation" in document


def is_filter(document: Mapping[str, object]) -> bool:
    """Whether the document is a Sigma filter rather than a rule."""
    return "filter" in document
