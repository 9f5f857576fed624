"""Finds what fraud asks for, in several languages: the kinds of `data/wishes.toml`."""

from __future__ import annotations

import re
from functools import cache

from exward.mail.data_files import data_file

NO_BLANKS = frozenset({"ja"})
"""Languages without blanks: there a pattern may begin and end anywhere."""


def words_of(text: str) -> str:
    """A text as the patterns expect it: lower case, one blank between any two words."""
    return " ".join(re.findall(r"\w+", text.casefold()))


@cache
def pattern(kind: str) -> re.Pattern[str]:
    """What any language has of a kind, for `words_of` a text."""
    languages: dict[str, list[str]] = data_file("wishes.toml")[kind]
    found = [_of_language(name, patterns) for name, patterns in sorted(languages.items())]
    return re.compile("|".join(found))


def _of_language(name: str, patterns: list[str]) -> str:
    joined = "|".join(patterns)
    return f"(?:{joined})" if name in NO_BLANKS else rf"\b(?:{joined})\b"
