"""Connections to where a stranger says."""

from __future__ import annotations

import re

from exward.webshells.call import Call
from exward.webshells.deeds.registry import About, Reader
from exward.webshells.deeds.who import CHOSEN, is_chosen, who
from exward.webshells.sign import Capability, Sign
from exward.webshells.values import NET, Value

_REQUESTS = ("webrequest.create", "httpwebrequest.create")
_ACCEPTS = frozenset(
    {"accept", "acceptsocket", "accepttcpclient", "endaccept", "endacceptsocket",
     "endaccepttcpclient", "accepttcpclientasync", "acceptsocketasync", "acceptasync"}
)  # fmt: skip
_ASKING = frozenset({"asking"})
"""Kind of an object that asks an address that a stranger names."""
_LOOPBACK = re.compile(r"https?://(?:127\.[\d.]+|localhost):", re.IGNORECASE)
ABOUT = About(
    _ACCEPTS
    | frozenset({"connect", "beginconnect", "connectasync", "mapnetworkdrive", "getstream", "open",
                 "send", "create"}),
    ("tcpclient", "udpclient"),
)  # fmt: skip


def look(reader: Reader, call: Call) -> Value | None:
    """Note where a call connects to."""
    kinds, given = call.receiver.kinds, call.given
    made = call.name == "new" and call.path.endswith(("tcpclient", "udpclient"))
    connects = call.name in {"connect", "beginconnect", "connectasync"} and "socket" in kinds
    if (made or connects) and given.taint & CHOSEN:
        words = f"connects to where {who(given)} says"
        reader.note(Sign(Capability.TUNNEL, call.line, words))
    if call.name == "mapnetworkdrive" and given.taint & CHOSEN:
        words = f"connects to where {who(given)} says"
        reader.note(Sign(Capability.TUNNEL, call.line, words))
    if call.name in _ACCEPTS and "socket" in kinds:
        return Value(kinds=frozenset({"socket"}))
    if call.name == "getstream" and "socket" in kinds:
        return Value(None, frozenset({NET}), anchored=False)
    _asked(reader, call)
    if call.path.endswith(_REQUESTS):
        return Value(None, given.taint, frozenset({"http"}), False)
    return None


def _asked(reader: Reader, call: Call) -> None:
    """Another server, or a program on this one, is asked something."""
    opened = call.name == "open" and "http" in call.receiver.kinds and len(call.arguments) > 1
    address = call.arguments[1] if opened else call.given
    if not opened and not call.path.endswith(_REQUESTS):
        if call.name == "send" and "asking" in call.receiver.kinds and call.given.taint & CHOSEN:
            words = f"passes on what {who(call.given)} says to where it says"
            reader.note(Sign(Capability.TUNNEL, call.line, words))
        return
    if is_chosen(address):
        words = f"asks the address that {who(address)} names"
        reader.note(Sign(Capability.TUNNEL, call.line, words, sure=False))
        reader.becomes(_ASKING)
    elif address.taint & CHOSEN and _LOOPBACK.fullmatch(address.prefix):
        words = f"asks a program on the server at the port that {who(address)} names"
        reader.note(Sign(Capability.TUNNEL, call.line, words))
