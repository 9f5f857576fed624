"""What a message says: hurry, hand over a password, pay, keep quiet."""

from __future__ import annotations

from collections.abc import Iterator

from exward.mail.facts import Facts
from exward.mail.signs import BEC, PHISHING, SPAM, Sign, hint
from exward.mail.urls import is_free_mail

TITLE = "The text presses for a password, money or silence"
CLASS = PHISHING


def find(facts: Facts) -> Iterator[Sign]:
    """Join what the text says with what it offers to do about it."""
    said = facts.said
    can_act = bool(facts.links) or bool(facts.files)
    credential, urgency = said.get("credential", []), said.get("urgency", [])
    if len(credential) >= 2 and urgency and can_act:
        why = "It asks for account data and presses for time."
        yield hint("data and time", why, _quote(credential, urgency))
    if said.get("greeting") and (credential or said.get("parcel")):
        quoted = _quote(said["greeting"], credential)
        why = "It speaks of your account and does not know your name."
        yield hint("account without a name", why, quoted)
    if len(said.get("extortion", [])) >= 2:
        yield Sign(4.0, "It threatens to publish something unless it is paid.",
                   _quote(said["extortion"]), SPAM)  # fmt: skip
    if said.get("gift") and len(facts.text) < 1500 and not facts.links:
        is_free = is_free_mail(facts.sender.organisation)
        yield Sign(2.3 if is_free else 1.0, "A short request for gift cards, discretion or a chat "
                   "elsewhere, as impostors send it.", _quote(said["gift"]), BEC)  # fmt: skip
    if len(said.get("prize", [])) >= 3:
        yield hint("prizes", "It promises money or prizes.", _quote(said["prize"]), SPAM)


def _quote(*groups: list[str]) -> str:
    return "; ".join(phrase for group in groups for phrase in group[:3])[:300]
