"""What the antivirus program says of the message."""

from __future__ import annotations

from collections.abc import Iterator

from exward.mail.facts import Facts
from exward.mail.signs import MALWARE, Sign

TITLE = "ClamAV knows something in the message"
CLASS = MALWARE
FOUND, SUSPECTED = 20.0, 5.0
_GUESSES = ("Heuristics.", "PUA.", "Clamav.Heuristics.")
"""How ClamAV names what it finds by likeness only (its manual, `Heuristic alerts` and `PUA`)."""


def find(facts: Facts) -> Iterator[Sign]:
    """Pass on what was found; say where nobody was asked."""
    scan = facts.known.scan
    if scan is None:
        return
    if scan.signature:
        weight = SUSPECTED if scan.signature.startswith(_GUESSES) else FOUND
        yield Sign(weight, f"ClamAV finds {scan.signature[:200]}.", scan.signature[:200])
    elif scan.failed:
        yield Sign(0.0, "ClamAV did not answer: the message was judged without it.", scan.failed)
    elif scan.is_too_large:
        yield Sign(0.0, "The message is larger than ClamAV reads: it was judged without it.")
