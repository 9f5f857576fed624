"""Passwords that a text tells for a file that comes with it."""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_TEXT = 50_000
MAX_FOUND = 24
_WORD = re.compile(
    r"pass(?:word|code|wort|phrase)?\b|\bpwd?\b|kennwort|mot de passe|contraseña|clave|senha|"
    r"wachtwoord|hasło|lösenord|parola|парол\w*|パスワード|密码|密碼",
    re.IGNORECASE,
)
_TAIL = 120
_TOKEN = re.compile(r"[^\s：]{3,64}")
_MARK = re.compile(r"[:=：]|\b(?:is|ist|lautet|est|es|é|to|für|for)\b", re.IGNORECASE)
_AROUND = ".,;:!?()[]{}<>\"'`*„“”«»「」。、"
USUAL = ("infected", "1234", "12345", "123456", "password")
"""Tried after those of the text."""


def passwords_in(text: str) -> tuple[str, ...]:
    """What may be a password in a text, the likeliest first; the usual ones follow."""
    marked: dict[str, None] = {}
    others: dict[str, None] = {}
    for found in _WORD.finditer(text[:MAX_TEXT]):
        tail = text[found.end() : found.end() + _TAIL]
        mark = _MARK.search(tail)
        after = list(_tokens(tail[mark.end() :])) if mark else []
        marked.update(dict.fromkeys(after[:1]))
        others.update(dict.fromkeys([*after[1:], *_tokens(tail)]))
        if len(marked) + len(others) > MAX_FOUND:
            break
    return tuple(dict.fromkeys([*[*marked, *others][:MAX_FOUND], *USUAL]))


def _tokens(text: str) -> Iterator[str]:
    """The first words of a text, without the punctuation around them, then with it."""
    for word in _TOKEN.findall(text)[:4]:
        bare = word.strip(_AROUND)
        if len(bare) >= 3:
            yield bare
        if bare != word and not bare.isalpha():
            yield word
