"""Passwords that stand in a page, and doors that open for them.

A site asks for passwords that stand in a directory or a database. A page that compares what the
request says with a text of its own keeps a door for one who knows the text.
"""

from __future__ import annotations

import re

from exward.webshells.sign import Capability, Sign
from exward.webshells.values import CONTROL, REQUEST, Value

COMPARING = frozenset({"=", "==", "<>", "!=", "==="})
_NAMED = re.compile(r"pass(?:w|\b|phrase|code)|pwd|psw|\bkey\b|token|secret", re.IGNORECASE)
_HASH = re.compile(r"(?:[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})", re.IGNORECASE)
_ASKED = frozenset({REQUEST, CONTROL})
MIN_PASSWORD = 3


def compared(left: Value, right: Value, line: int) -> Sign | None:
    """The sign of a comparison of the request's text with a password or hash in the code."""
    for asked, own in ((left, right), (right, left)):
        if not isinstance(own.constant, str) or not asked.taint & _ASKED:
            continue
        named = _NAMED.search(asked.key) and len(own.constant) >= MIN_PASSWORD
        if named or _HASH.fullmatch(own.constant):
            words = "asks for a password that stands in the code"
            return Sign(Capability.OWN_PASSWORD, line, words, sure=False)
    return None
