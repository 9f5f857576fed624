"""Words of subject and text as features: no numbers, addresses or names of hosts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

MAX_WORDS = 1200
MAX_TEXT = 20_000
_ADDRESS = re.compile(r"\S{1,200}@\S{1,200}|https?://\S{1,2000}|www\.\S{1,500}|<[^<>\s]{1,200}>")
_ANSWER = re.compile(r"^(?:\s*(?:re|fw|fwd|aw|wg|sv|tr|enc|rv|antw)\s*:)+", re.IGNORECASE)
"""Whoever writes `Re:` says nothing of the message; that it answers none is a feature of form."""
_TOKEN = re.compile(r"[^\W\d_]{2,24}|[$€£¥₿]|!+|\d+%?")
_NO_BLANKS = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]{3,}")
"""Scripts without blanks between words: pairs of characters stand for words."""


def words(text: str) -> list[str]:
    """The words of a text in order, folded; runs of digits become `0`."""
    plain = unicodedata.normalize("NFKC", text[:MAX_TEXT]).casefold()
    found: list[str] = []
    for match in _TOKEN.finditer(_ADDRESS.sub(" ", plain)):
        word = match[0]
        if word[0].isdigit():
            word = "0%" if word.endswith("%") else "0"
        elif word[0] == "!":
            word = "!"
        if _NO_BLANKS.fullmatch(word):
            found.extend(word[at : at + 2] for at in range(len(word) - 1))
        else:
            found.append(word)
        if len(found) >= MAX_WORDS:
            break
    return found[:MAX_WORDS]


def text_features(subject: str, text: str) -> Iterator[tuple[str, float]]:
    """Words and pairs of words; each group weighs the same however long the text is."""
    yield from _group("word in subject", words(_ANSWER.sub("", subject)))
    yield from _group("word", words(text))


def _group(place: str, found: list[str]) -> Iterator[tuple[str, float]]:
    names = dict.fromkeys(f"{place}: {word}" for word in found)
    names |= dict.fromkeys(f"{place}: {one} {two}" for one, two in pairwise(found))
    if names:
        value = 1 / len(names) ** 0.5 * (2.0 if place == "word" else 1.0)
        for name in names:
            yield name, value
