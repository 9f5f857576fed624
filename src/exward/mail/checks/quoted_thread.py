"""A stolen thread: the sender has the name of somebody in it, and another address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.mail.domains import is_near, label, organisation, skeleton
from exward.mail.facts import Facts
from exward.mail.signs import BEC, Sign
from exward.mail.urls import is_free_mail

TITLE = "The sender has the name of somebody in the thread below and another address"
CLASS = BEC
MAX_TEXT = 50_000
MAX_QUOTED = 200
_QUOTED = re.compile(r"[<\[(](?:mailto:)?([\w.+-]{1,64}@[\w.-]{4,100})[>\])]")


def find(facts: Facts) -> Iterator[Sign]:
    """Look for the sender's name in front of the addresses in the text."""
    sender = facts.sender
    words = [skeleton(word) for word in re.findall(r"\w+", sender.name)]
    if len(words) < 2 or not sender.domain or facts.message.first("list-id"):
        return
    others = [one for one in _addresses_of(words, facts.text[:MAX_TEXT]) if one != sender.address]
    quoted = {organisation(one.rpartition("@")[2]): one for one in reversed(others)}
    near = next(
        (one for whole, one in quoted.items() if _looks_like(sender.organisation, whole)), ""
    )
    if near:
        why = f"In the thread {sender.name!r} has {near}; this domain only looks like it."
        yield Sign(6.0, why, sender.address)
    elif quoted and sender.organisation not in quoted:
        other = next(iter(quoted.values()))
        why = f"In the thread {sender.name!r} has {other}; this comes from {sender.address}."
        is_private = is_free_mail(sender.organisation)
        # One in a hundred on mailing lists writes from two addresses of their own.
        yield Sign(3.0 if is_private else 2.0, why, sender.address)


def _addresses_of(words: list[str], text: str) -> Iterator[str]:
    """The addresses right behind a name."""
    for number, match in enumerate(_QUOTED.finditer(text)):
        if number >= MAX_QUOTED:
            return
        before = re.findall(r"\w+", text[max(0, match.start() - 120) : match.start()])
        if sorted(map(skeleton, before[-len(words) :])) == sorted(words):
            yield match[1].lower()


def _looks_like(domain: str, other: str) -> bool:
    if domain == other:
        return False
    one, two = label(domain), label(other)
    return one != two and (skeleton(one) == skeleton(two) or is_near(one, two))
