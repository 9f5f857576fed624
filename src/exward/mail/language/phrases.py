"""Finds what a text says of the kinds in `data/phrases.toml`, in several languages."""

from __future__ import annotations

import re
from functools import cache

from exward.mail.data_files import data_file

MAX_TEXT = 20_000
MAX_GAP = 3
"""Words that `#` may stand for."""
_TOKEN = re.compile(r"[\w'+-]+|[:：]")
_UNSEEN = re.compile(r"[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_NO_BLANKS = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
"""Scripts without blanks: there a phrase is looked for anywhere."""

Phrase = tuple[str, ...]


@cache
def _by_first_word() -> tuple[dict[str, list[tuple[str, Phrase]]], list[tuple[str, str]]]:
    """Phrases by the first letters of their first word, and those that stand anywhere."""
    first: dict[str, list[tuple[str, Phrase]]] = {}
    anywhere: list[tuple[str, str]] = []
    for kind, phrases in sorted(data_file("phrases.toml").items()):
        for phrase in sorted(phrases):
            if _NO_BLANKS.search(phrase):
                anywhere.append((kind, phrase))
            else:
                tokens = tuple(re.findall(r"[\w'+-]+\*?(?:[\w]+)?|[#:/()]", phrase))
                tokens = tuple(token for token in tokens if token not in "/()")
                first.setdefault(tokens[0].rstrip("*")[:4], []).append((kind, tokens))
    return first, anywhere


def unseen_out(text: str) -> str:
    """A text without characters that nobody sees and that break words up for programs."""
    return text if text.isascii() else _UNSEEN.sub("", text)


def kinds() -> list[str]:
    """The kinds of phrases, sorted."""
    return sorted(data_file("phrases.toml"))


def phrases_in(text: str) -> dict[str, list[str]]:
    """What a text says of each kind, each phrase once; the text must be in lower case."""
    plain = unseen_out(text[:MAX_TEXT]).replace("\u2019", "'")
    first, anywhere = _by_first_word()
    words = _TOKEN.findall(plain)
    found: dict[str, dict[str, None]] = {}
    for at, word in enumerate(words):
        for kind, phrase in first.get(word[:4], ()):
            end = _end_of(phrase, words, at)
            if end:
                found.setdefault(kind, {})[" ".join(words[at:end])] = None
    if not plain.isascii():
        for kind, phrase_text in anywhere:
            if phrase_text in plain:
                found.setdefault(kind, {})[phrase_text] = None
    return {kind: list(phrases) for kind, phrases in sorted(found.items())}


def _end_of(phrase: Phrase, words: list[str], at: int) -> int:
    """Where a phrase that begins at a word ends; 0 if it does not stand there."""
    for number, token in enumerate(phrase):
        if token == "#":
            rest = phrase[number + 1 :]
            ends = (_end_of(rest, words, at + gap) for gap in range(MAX_GAP + 1))
            return next((end for end in ends if end), 0)
        if at >= len(words) or not _fits(token, words[at]):
            return 0
        at += 1
    return at


def _fits(token: str, word: str) -> bool:
    if "*" in token:
        start, _, end = token.partition("*")
        return word.startswith(start) and word.endswith(end)
    return word == token or (token == ":" and word == "：")
