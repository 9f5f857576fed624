"""Words of subject, text, links and name as features: no numbers, addresses or names of hosts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise

from exward.mail.facts import Facts
from exward.mail.language.phrases import unseen_out

MAX_WORDS = 1200
MAX_TEXT = 20_000
FIRST_WORDS = 60
"""What a reader sees at once; whoever hides behind borrowed text puts it further down."""
STEM = 5
"""Letters by which a longer word is known in all its forms."""
MAX_LABELS = 40
_ADDRESS = re.compile(r"\S{1,200}@\S{1,200}|https?://\S{1,2000}|www\.\S{1,500}|<[^<>\s]{1,200}>")
_ANSWER = re.compile(r"^(?:\s*(?:re|fw|fwd|aw|wg|sv|tr|enc|rv|antw)\s*:)+", re.IGNORECASE)
"""Whoever writes `Re:` says nothing of the message; that it answers none is a feature of form."""
_TOKEN = re.compile(r"[^\W\d_]{2,24}|[$€£¥₿]|!+|\d+%?")
_NO_BLANKS = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]{3,}")
"""Scripts without blanks between words: pairs of characters stand for words."""
_MARKS = re.compile(r"[\u0300-\u036f]")
_NUMBERS = frozenset({"0", "0 0"})
"""Tables and logs are full of them; they say nothing."""


def words(text: str) -> list[str]:
    """The words of a text in order, folded (no accents); runs of digits become `0`."""
    found: list[str] = []
    for match in _TOKEN.finditer(_ADDRESS.sub(" ", _folded(text[:MAX_TEXT]))):
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


def _folded(text: str) -> str:
    """Small letters without accents or unseen characters: `wállet` is read as `wallet`."""
    if text.isascii():
        return text.casefold()
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", unseen_out(text)))
    return unicodedata.normalize("NFC", bare).casefold()


def text_features(facts: Facts) -> Iterator[tuple[str, float]]:
    """Words and pairs of words; each group weighs the same however long the text is."""
    found = words(facts.text)
    yield from _group("word in subject", _with_pairs(words(_ANSWER.sub("", facts.subject))))
    yield from _group("word", _with_pairs(found), 2.0)
    yield from _group("word stem", (word[:STEM] for word in found if len(word) > STEM))
    seen = next((page.text for page in facts.pages if page.text), facts.text)
    yield from _group("word at start", words(seen[: FIRST_WORDS * 10])[:FIRST_WORDS])
    labels = dict.fromkeys(link.text for link in facts.links if link.source == "html")
    shown = (name for label in list(labels)[:MAX_LABELS] for name in _with_pairs(words(label[:80])))
    yield from _group("word in link", shown)
    yield from _group("word in name", words(facts.sender.name))


def _with_pairs(found: list[str]) -> list[str]:
    return found + [f"{one} {two}" for one, two in pairwise(found)]


def _group(place: str, found: Iterable[str], share: float = 1.0) -> Iterator[tuple[str, float]]:
    names = dict.fromkeys(f"{place}: {one}" for one in found if one not in _NUMBERS)
    value = share / max(1, len(names)) ** 0.5
    yield from ((name, value) for name in names)
