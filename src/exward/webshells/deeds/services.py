"""Services of Windows that are started and stopped."""

from __future__ import annotations

from exward.webshells.call import Call
from exward.webshells.deeds.registry import About, Reader
from exward.webshells.deeds.who import CHOSEN, who
from exward.webshells.sign import Capability, Sign
from exward.webshells.values import Value

_CHANGES = frozenset({"start", "stop", "pause", "continue"})
ABOUT = About(_CHANGES)


def look(reader: Reader, call: Call) -> Value | None:
    """Note a service that a stranger names."""
    named = call.receiver
    if call.name in _CHANGES and "service" in named.kinds and named.taint & CHOSEN:
        words = f"starts and stops the service that {who(named)} names"
        reader.note(Sign(Capability.RUN_COMMANDS, call.line, words))
    return None
