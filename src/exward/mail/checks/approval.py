"""Somebody wants a sign-in approved, or a code passed on, that is the reader's alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.mail.brands import brand_of
from exward.mail.facts import Facts
from exward.mail.language.wishes import pattern, words_of
from exward.mail.signs import PHISHING, Sign
from exward.mail.urls import is_free_mail

TITLE = "A sign-in is to be approved, or a code to be passed on"
CLASS = PHISHING
MAX_TEXT = 10_000
_NO = (
    r"\b(?:never|not|don t|nie|niemals|nicht|keine|jamais|pas|nunca|não|no|non|mai|nooit|niet|geen|"
    r"nigdy)\b"
)
_INSIDE = re.compile(_NO)
_BEFORE = re.compile(rf"{_NO} (?:\w+ ){{0,3}}$")


def find(facts: Facts) -> Iterator[Sign]:
    """Find the wish; those who guard a sign-in warn of it, and ours ask for it as well."""
    sender = facts.sender
    is_owner = brand_of(sender.domain) is not None and not is_free_mail(sender.organisation)
    if is_owner or sender.organisation in facts.settings.own_domains:
        return
    words = words_of(f"{facts.subject}\n{facts.written}"[:MAX_TEXT])
    for found in pattern("approval").finditer(words):
        before = words[max(0, found.start() - 60) : found.start()]
        if not _BEFORE.search(before) and not _INSIDE.search(found[0]):
            why = "It wants a sign-in approved, or a code that nobody else may know."
            yield Sign(4.0, why, found[0][:200])
            return
