"""Readers who are led to do by hand what no link may: paste a command, give away a sign-in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.mail.facts import Facts
from exward.mail.signs import MALWARE, PHISHING, Sign

TITLE = "The reader is to paste a command, enter a sign-in code or scan a drawn code"
CLASS = PHISHING
MAX_TEXT = 20_000
_RUN = re.compile(
    r"\b(?:win(?:dows)?(?: key| taste|-taste)?|⊞) ?\+ ?[rx]\b|\bpowershell\b|\bterminal\b",
    re.IGNORECASE,
)
_PASTE = re.compile(r"\b(?:ctrl|strg|cmd|⌘) ?\+ ?v\b", re.IGNORECASE)
_DEVICE = re.compile(
    r"(?:microsoft\.com|aka\.ms)/devicelogin|login\.microsoft(?:online)?\.com/(?:\w+/)?"
    r"(?:device|oauth2/deviceauth)|google\.com/device\b|github\.com/login/device",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"\b(?:code|passcode|código)\b\W{0,3}(?:\w+ ){0,2}[A-Z0-9]{4,5}-?[A-Z0-9]{4,5}\b"
)
_DRAWN = re.compile(r"[█▀▄▌▐■]")
MIN_DRAWN = 60
"""Blocks in a text: the smallest code (21 × 21) drawn in half blocks has more than a hundred."""


def find(facts: Facts) -> Iterator[Sign]:
    """Look for the three; each is rare in honest mail that comes without being asked for."""
    text = f"{facts.subject}\n{facts.text}"[:MAX_TEXT]
    pasted, run = _PASTE.search(text), _RUN.search(text)
    if pasted and run:
        why = "The reader is to paste something into a command line."
        yield Sign(5.0, why, f"{run[0]}; {pasted[0]}", MALWARE)
    places = [text, *(link.url.text for link in facts.links)]
    device = next((found for one in places if (found := _DEVICE.search(one))), None)
    code = _CODE.search(text)
    if device and code:
        why = "The reader is to enter a code that signs somebody else's device in."
        yield Sign(6.5, why, f"{device[0]}; {code[0]}"[:200])
    if len(_DRAWN.findall(text)) >= MIN_DRAWN and "scan" in text.casefold():
        yield Sign(
            3.0, "A code to be scanned is drawn with letters, where no picture is looked at."
        )
