"""Connections to where a stranger says."""

from __future__ import annotations

import re

from exward.webshells.call import Call
from exward.webshells.deeds.registry import About, Reader
from exward.webshells.deeds.who import CHOSEN, is_chosen, who
from exward.webshells.sign import Capability, Sign
from exward.webshells.values import NET, NONE, Value

_REQUESTS = ("webrequest.create", "httpwebrequest.create")
_ACCEPTS = frozenset(
    {"accept", "acceptsocket", "accepttcpclient", "endaccept", "endacceptsocket",
     "endaccepttcpclient", "accepttcpclientasync", "acceptsocketasync", "acceptasync"}
)  # fmt: skip
_CLIENTS = ("tcpclient", "udpclient", "namedpipeclientstream")
_PASSES = frozenset({"copyto", "copytoasync"})
_ASKING = frozenset({"asking"})
"""Kind of an object that asks an address that a stranger names."""
_LOOPBACK = re.compile(r"https?://(?:127\.[\d.]+|localhost):", re.IGNORECASE)
ABOUT = About(
    _ACCEPTS
    | _PASSES
    | frozenset({"connect", "beginconnect", "connectasync", "mapnetworkdrive", "getstream", "open",
                 "send", "create"}),
    _CLIENTS,
)  # fmt: skip


def look(reader: Reader, call: Call) -> Value | None:
    """Note where a call connects to."""
    kinds, given = call.receiver.kinds, call.given
    made = call.name == "new" and call.path.endswith(_CLIENTS)
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
    passes = call.name in _PASSES and "asking" in given.kinds and call.receiver.taint & CHOSEN
    if passes:
        words = f"passes on what {who(call.receiver)} says to where it says"
        reader.note(Sign(Capability.TUNNEL, call.line, words))
    if call.path.endswith(_REQUESTS):
        asking = _ASKING if is_chosen(given) else NONE
        return Value(None, given.taint, frozenset({"http"}) | asking, False)
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
