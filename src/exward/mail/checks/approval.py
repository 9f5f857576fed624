"""Somebody wants a sign-in approved, or a code passed on, that is the reader's alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.mail.brands import brand_of
from exward.mail.facts import Facts
from exward.mail.signs import PHISHING, Sign
from exward.mail.urls import is_free_mail

TITLE = "A sign-in is to be approved, or a code to be passed on"
CLASS = PHISHING
MAX_TEXT = 10_000
_ASKED = re.compile(
    r"\bapprove (?:the |this |that |any |all |your |our )?(?:\w+ )?"
    r"(?:sign in|login|log in|mfa|push|prompts?|notifications?|"
    r"authenticator|authentication request)\b|"
    r"\b(?:tap|press|click|select) (?:on )?(?:approve|accept|yes) (?:\w+ ){0,8}"
    r"(?:authenticator|notification|prompt|phone)\b|"
    r"\b(?:send|forward|reply with|tell|give|share|read) (?:us |me |back )?(?:\w+ )?"
    r"(?:the |your |that )(?:\w+ )?"
    r"(?:verification|security|authentication|one time|sms|otp|mfa) (?:code|password|pin)\b|"
    r"\b(?:bestätigen|genehmigen) sie (?:\w+ ){0,5}(?:authenticator|anmeldeanforderung|push)\w*|"
    r"\b(?:approuvez|acceptez) (?:\w+ ){0,4}(?:authenticator|notification|demande de connexion)\b|"
    r"\b(?:apruebe|acepte) (?:\w+ ){0,4}(?:authenticator|notificación|solicitud de inicio)\b"
)
_NEVER = re.compile(r"\b(?:never|not|don t|nie|nicht|keine|jamais|pas|nunca|no) (?:\w+ ){0,3}$")


def find(facts: Facts) -> Iterator[Sign]:
    """Find the wish; those who guard a sign-in warn of it, and ours ask for it as well."""
    sender = facts.sender
    is_owner = brand_of(sender.domain) is not None and not is_free_mail(sender.organisation)
    if is_owner or sender.organisation in facts.settings.own_domains:
        return
    text = f"{facts.subject}\n{facts.text}"[:MAX_TEXT].casefold()
    words = " ".join(re.findall(r"\w+", text))
    for found in _ASKED.finditer(words):
        if not _NEVER.search(words[max(0, found.start() - 60) : found.start()]):
            why = "It wants a sign-in approved, or a code that nobody else may know."
            yield Sign(4.0, why, found[0][:200])
            return
