"""Databases that a stranger names, and what is asked of them."""

from __future__ import annotations

import re

from exward.webshells.call import Call
from exward.webshells.deeds.registry import About, Reader
from exward.webshells.deeds.who import CHOSEN, is_chosen, who
from exward.webshells.sign import Capability, Sign
from exward.webshells.values import Value

_COMMANDS = (
    "sqlcommand", "oledbcommand", "odbccommand", "sqldataadapter", "oledbdataadapter",
    "odbcdataadapter",
)  # fmt: skip
_CONNECTIONS = ("sqlconnection", "oledbconnection", "odbcconnection")
_SET = frozenset({"set_commandtext", "set_selectcommand"})
_COMMAND_SHELL = re.compile(
    r"xp_cmdshell['\s]*(?:@|,\s*1\b)|sp_oacreate\s+'wscript\.shell", re.IGNORECASE
)
"""Called with a parameter, or switched on; and the shell as an object of the database."""
_NAMED = frozenset({"chosendatabase"})
"""Kind of a connection to a database that a stranger names."""
ABOUT = About(
    _SET | {"open", "execute", "openschema", "set_connectionstring"}, _COMMANDS + _CONNECTIONS
)


def look(reader: Reader, call: Call) -> Value | None:
    """Note to which database a call connects, and what it asks."""
    kinds, given = call.receiver.kinds, call.given
    if _connects(call) and given.taint & CHOSEN:
        reader.becomes(_NAMED)
        if is_chosen(given):
            # Programs that set up a site ask where its database is: that alone proves nothing.
            words = f"connects to the database that {who(given)} names"
            reader.note(Sign(Capability.QUERY_DATABASES, call.line, words, sure=False))
        return Value(None, given.taint, _NAMED)
    if call.name == "openschema" and kinds >= _NAMED:
        words = f"shows what stands in the database that {who(call.receiver)} names"
        reader.note(Sign(Capability.QUERY_DATABASES, call.line, words))
    asks = call.name in {"execute", "open"} and kinds & {"database", "connection"}
    if asks or call.name in _SET or call.path.endswith(_COMMANDS):
        _asked(reader, call)
    return None


def _connects(call: Call) -> bool:
    opened = call.name == "open" and "connection" in call.receiver.kinds
    return opened or call.name == "set_connectionstring" or call.path.endswith(_CONNECTIONS)


def _asked(reader: Reader, call: Call) -> None:
    query = call.arguments[0] if call.arguments else Value()
    if isinstance(query.constant, str) and _COMMAND_SHELL.search(query.constant):
        words = "lets a database run a command, or allows it to"
        reader.note(Sign(Capability.RUN_COMMANDS, call.line, words))
    if not query.taint & CHOSEN:
        return
    named = any(value.kinds >= _NAMED for value in (call.receiver, *call.arguments))
    if named or is_chosen(query):
        words = f"sends a database what {who(query)} says"
        reader.note(Sign(Capability.QUERY_DATABASES, call.line, words))
    if "xp_cmdshell" in query.prefix.lower():
        words = f"lets a database run the command that {who(query)} says"
        reader.note(Sign(Capability.RUN_COMMANDS, call.line, words))
