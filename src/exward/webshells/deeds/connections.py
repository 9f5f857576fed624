"""Connections and databases to where a stranger says."""

from __future__ import annotations

from exward.webshells.call import Call
from exward.webshells.deeds.registry import Reader
from exward.webshells.deeds.who import CHOSEN, is_chosen, who
from exward.webshells.sign import Capability, Sign
from exward.webshells.values import Value

_REQUESTS = ("webrequest.create", "httpwebrequest.create")
_COMMANDS = ("sqlcommand", "oledbcommand")


def look(reader: Reader, call: Call) -> Value | None:
    """Note where a call connects to, and what it asks a database."""
    kinds, given = call.receiver.kinds, call.given
    if call.name in {"connect", "beginconnect"} and "socket" in kinds and given.taint & CHOSEN:
        words = f"connects to where {who(given)} says"
        reader.note(Sign(Capability.TUNNEL, call.line, words))
    asks = call.name in {"execute", "open"} and "database" in kinds
    if (asks or call.path.endswith(_COMMANDS)) and is_chosen(given):
        words = f"sends a database what {who(given)} says"
        reader.note(Sign(Capability.QUERY_DATABASES, call.line, words))
    if call.path.endswith(_REQUESTS) and is_chosen(given):
        words = f"asks the address that {who(given)} names"
        reader.note(Sign(Capability.TUNNEL, call.line, words, sure=False))
    if call.path.endswith(_REQUESTS):
        return Value(None, given.taint, frozenset({"http"}), False)
    return None
