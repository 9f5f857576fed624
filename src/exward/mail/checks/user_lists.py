"""The lists and rules of one's own settings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import re2

from exward.mail.facts import Facts
from exward.mail.signs import SPAM, Sign

TITLE = "The settings name the sender, or a rule of them matches"
CLASS = SPAM
BLOCKED, ALLOWED = 20.0, -10.0


def find(facts: Facts) -> Iterator[Sign]:
    """Look the sender up, then try each rule."""
    names = {facts.sender.address, facts.sender.domain, facts.sender.organisation} - {""}
    blocked = sorted(names & facts.settings.block)
    if blocked:
        yield Sign(BLOCKED, f"{blocked[0]} is on your block list.", facts.sender.address)
    allowed = sorted(names & facts.settings.allow)
    is_known = facts.authentication is None or facts.authentication.is_authentic
    if allowed and not blocked and is_known:
        yield Sign(ALLOWED, f"{allowed[0]} is on your allow list.", facts.sender.address)
    for rule in facts.settings.rules:
        for text in _texts(facts, rule.place):
            match = _compiled(rule.pattern).search(text)
            if match:
                quote = match.group(0)[:200]
                yield Sign(rule.weight, f"Your rule {rule.name!r} matches.", quote, rule.mail_class)
                break


@lru_cache(maxsize=1000)
def _compiled(pattern: str) -> re.Pattern[str]:
    compiled: re.Pattern[str] = re2.compile(pattern)  # it offers the same
    return compiled


def _texts(facts: Facts, place: str) -> list[str]:
    if place == "link":
        return [link.url.text for link in facts.links]
    if place == "file-name":
        return facts.names
    return [{"from": facts.message.first("from"), "reply-to": facts.message.first("reply-to"),
             "subject": facts.subject, "text": facts.text}[place]]  # fmt: skip
