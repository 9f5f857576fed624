"""What a page shows its visitors that is not its own, as pages do that deceive search engines."""

from __future__ import annotations

from exward.webshells.call import Call
from exward.webshells.deeds.registry import About, Reader
from exward.webshells.sign import Capability, Sign
from exward.webshells.values import ABROAD, HERE, NET, Value

_WRITES = frozenset({"write", "binarywrite"})
ABOUT = About(_WRITES | {"redirect"})


def look(reader: Reader, call: Call) -> Value | None:
    """Note an answer of another server that is shown as it came."""
    if call.name in _WRITES and "response" in call.path and NET in call.given.taint:
        told = call.given.taint >= {ABROAD, HERE}
        words = "shows what another server sends"
        if told:
            words = "tells another server where it stands, and shows what that sends"
        reader.note(Sign(Capability.SERVE_FOREIGN, call.line, words, sure=told))
    if call.name == "redirect" and "response" in call.path and ABROAD in call.given.taint:
        words = "sends its visitors to another server"
        reader.note(Sign(Capability.SERVE_FOREIGN, call.line, words, sure=False))
    return None
