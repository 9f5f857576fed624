"""Somebody who uses the name of one of our own people from an address that is not theirs."""

from __future__ import annotations

from collections.abc import Iterator

from exward.mail.domains import skeleton
from exward.mail.facts import Facts
from exward.mail.signs import BEC, Sign

TITLE = "The sender uses the name of one of our executives"
CLASS = BEC


def find(facts: Facts) -> Iterator[Sign]:
    """Compare the display name with the people in the settings, in any order of its words."""
    shown = _folded(facts.sender.name)
    for person in facts.settings.executives:
        if (
            not person.name
            or _folded(person.name) != shown
            or facts.sender.address == person.address
        ):
            continue
        if facts.sender.organisation in facts.settings.own_domains:
            continue  # one of several addresses of our own; authentication says if it is
        why = f"The name is that of {person.name}, but the address is not {person.address}."
        yield Sign(7.0, why, f"{facts.sender.name} <{facts.sender.address}>")


def _folded(name: str) -> frozenset[str]:
    return frozenset(skeleton(word) for word in name.replace(",", " ").split() if len(word) > 1)
