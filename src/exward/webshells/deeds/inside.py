"""What a page shows of the server: its drives, programs, accounts, keys and passwords."""

from __future__ import annotations

from exward.webshells.call import Call
from exward.webshells.deeds.registry import About, Reader
from exward.webshells.deeds.who import CHOSEN, who
from exward.webshells.sign import Capability, Sign
from exward.webshells.values import (
    ACCOUNTS,
    DIRECTORY,
    DRIVES,
    EVENTS,
    INSIDE,
    MACHINE,
    NETWORK,
    PROGRAMS,
    SECRET,
    SERVICES,
    SITES,
    Value,
    text_of,
)

_WRITES = frozenset(
    {
        "write",
        "writeencoded",
        "binarywrite",
        "set_text",
        "set_innerhtml",
        "set_innertext",
        "set_datasource",
    }
)
_GIVES = {
    "getprocesses": PROGRAMS, "getservices": SERVICES, "getdrives": DRIVES,
    "getlogicaldrives": DRIVES, "getactivetcpconnections": NETWORK,
    "getactivetcplisteners": NETWORK, "getallnetworkinterfaces": NETWORK, "geteventlogs": EVENTS,
    "execquery": MACHINE, "instancesof": MACHINE,
}  # fmt: skip
_PROVIDERS = (("winnt:", ACCOUNTS), ("iis:", SECRET), ("winmgmts", MACHINE), ("ldap:", DIRECTORY))
_OBJECTS = ("getobject", "directoryentry")
_MANAGERS = {"servermanager": SITES, "eventlog": EVENTS}
_TELLING = frozenset({ACCOUNTS, PROGRAMS, NETWORK, SITES, EVENTS})
"""What no ordinary page shows."""
_QUERIES = ("managementobjectsearcher", "managementclass", "selectquery")
ABOUT = About(_WRITES | _GIVES.keys() | _MANAGERS.keys(), _QUERIES + _OBJECTS)


def look(reader: Reader, call: Call) -> Value | None:
    """Note what a call shows; the value of one that asks the machine for it."""
    given = call.given
    if call.name in _WRITES and _is_shown(call):
        _shown(reader, call.line, given)
    if call.path.endswith(_QUERIES):
        if given.taint & CHOSEN:
            words = f"asks WMI what {who(given)} says"
            reader.note(Sign(Capability.EXPLORE, call.line, words))
        return Value(None, given.taint | {MACHINE}, frozenset({"wmisearch"}))
    manager = call.path.rpartition(".")[2]
    if call.name == "new" and manager in _MANAGERS and not _is_own_log(call):
        return Value(taint=frozenset({_MANAGERS[manager]}))
    if call.name in _GIVES:
        return Value(None, call.receiver.taint | {_GIVES[call.name]}, call.receiver.kinds)
    if call.path.endswith(_OBJECTS) and call.arguments:
        first = call.arguments[0]
        named = (text_of(first.constant) or first.prefix).lower()
        for provider, what in _PROVIDERS:
            if named.startswith(provider):
                kind = "wmi" if what == MACHINE else "directory"
                return Value(None, given.taint | {what}, frozenset({kind}))
    return None


def _is_own_log(call: Call) -> bool:
    """Whether it is the log that programs write to, which their pages may show."""
    first = call.arguments[0].constant if call.arguments else None
    return isinstance(first, str) and first.lower() == "application"


def _is_shown(call: Call) -> bool:
    return call.name.startswith("set_") or "response" in call.path


def _shown(reader: Reader, line: int, value: Value) -> None:
    if SECRET in value.taint:
        words = "shows keys and passwords of the site"
        reader.note(Sign(Capability.STEAL_PASSWORDS, line, words))
    for what in sorted(value.taint & INSIDE):
        reader.note(Sign(Capability.EXPLORE, line, f"shows {what}", sure=what in _TELLING))
