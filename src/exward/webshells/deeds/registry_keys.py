"""Keys of the Windows registry that a stranger names."""

from __future__ import annotations

import re

from exward.webshells.call import Call
from exward.webshells.deeds.registry import About, Reader
from exward.webshells.deeds.who import CHOSEN, who
from exward.webshells.sign import Capability, Sign
from exward.webshells.values import Value

_READS = frozenset({"opensubkey", "regread"})
_WRITES = frozenset({"regwrite", "regdelete", "createsubkey", "deletesubkey", "deletesubkeytree"})
_STARTS = re.compile(r"image file execution options|currentversion\\run|winlogon", re.IGNORECASE)
MAX_KEY = 1_000
ABOUT = About(_READS | _WRITES)


def look(reader: Reader, call: Call) -> Value | None:
    """Note which key a call reads or writes."""
    given = call.arguments[0] if call.arguments else Value()
    if call.name in _READS and given.taint & CHOSEN:
        words = f"shows the registry key that {who(given)} names"
        reader.note(Sign(Capability.EXPLORE, call.line, words))
    if call.name in _WRITES and given.taint & CHOSEN:
        words = f"changes the registry key that {who(given)} names"
        reader.note(Sign(Capability.EXPLORE, call.line, words))
    key = given.constant if isinstance(given.constant, str) else given.prefix
    if call.name == "regwrite" and _STARTS.search(key[:MAX_KEY]):
        words = "sets a program that Windows starts by itself"
        reader.note(Sign(Capability.RUN_COMMANDS, call.line, words))
    return None
