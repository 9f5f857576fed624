"""What the author of a YARA rule says of it in `meta`: there is no standard, but there are habits.

Source of the scale: THOR's levels (notice from 40, warning from 60, alert from 80); LOKI takes a
rule without a score for 70, a warning.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from exward.model.finding import Confidence
from exward.model.severity import Severity

Pairs = Sequence[tuple[str, object]]

MAX_TITLE = 200
MAX_TEXT = 500
MAX_REFERENCES = 10
_SEVERITIES = ("severity", "level", "threat_level", "risk", "score")
_WORDS = {
    "critical": Severity.CRITICAL,
    "high": Severity.HIGH,
    "medium": Severity.MEDIUM,
    "moderate": Severity.MEDIUM,
    "low": Severity.LOW,
    "info": Severity.INFORMATIONAL,
    "informational": Severity.INFORMATIONAL,
}
_SCALE = ((80, Severity.HIGH), (60, Severity.MEDIUM), (40, Severity.LOW))
_HIGHEST = 100
_REFERENCES = frozenset({"reference", "references", "ref", "url", "link"})


class Said(NamedTuple):
    """What a rule says of itself; texts are bounded, "" where it says nothing."""

    title: str
    severity: Severity
    confidence: Confidence
    author: str
    references: tuple[str, ...]


def said(identifier: str, pairs: Pairs) -> Said:
    """Read the `meta` of a rule; without a description its identifier is its title."""
    texts = {name.lower(): _text(value) for name, value in reversed(pairs)}
    return Said(
        title=(texts.get("description") or identifier)[:MAX_TITLE],
        severity=_severity(texts),
        confidence=_confidence(texts.get("confidence", "")),
        author=texts.get("author", ""),
        references=tuple(dict.fromkeys(_references(pairs)))[:MAX_REFERENCES],
    )


def _text(value: object) -> str:
    """A value of `meta`: text, bytes, a number or a truth value."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "backslashreplace")
    return " ".join(str(value).split())[:MAX_TEXT]


def _severity(texts: dict[str, str]) -> Severity:
    """As the first of the usual names says, in words or from 0 to 100; else medium."""
    for name in _SEVERITIES:
        text = texts.get(name, "").lower()
        if text in _WORDS:
            return _WORDS[text]
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else None
        if number is not None and number <= _HIGHEST:
            return next((to for least, to in _SCALE if number >= least), Severity.INFORMATIONAL)
    return Severity.MEDIUM


def _confidence(text: str) -> Confidence:
    word = text.lower()
    return Confidence(word) if word in set(Confidence) else Confidence.MEDIUM


def _references(pairs: Pairs) -> Iterator[str]:
    """Addresses and titles; a value may hold several addresses, separated by commas or blanks."""
    for name, value in pairs:
        if name.lower().rstrip("0123456789_") not in _REFERENCES:
            continue
        text = _text(value)
        if "://" in text:
            yield from (part for part in text.replace(",", " ").split() if "://" in part)
        elif text and text.lower() not in {"-", "internal research", "not set"}:
            yield text
