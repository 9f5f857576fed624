"""Accounts of the machine or the domain that are made with a name that a stranger gives."""

from __future__ import annotations

from exward.webshells.call import Call
from exward.webshells.deeds.registry import About, Reader
from exward.webshells.deeds.who import CHOSEN, who
from exward.webshells.sign import Capability, Sign
from exward.webshells.values import ACCOUNTS, DIRECTORY, Value

_FUNCTIONS = frozenset({"netuseradd", "netlocalgroupaddmembers"})
"""Of Windows (netapi32)."""
ABOUT = About(_FUNCTIONS | {"create", "add", "setpassword", "invoke"})


def look(reader: Reader, call: Call) -> Value | None:
    """Note an account that is made, and a password that is set."""
    given, of = call.given, call.receiver
    makes = call.name in {"create", "add"} and any(
        isinstance(value.constant, str) and value.constant.lower() == "user"
        for value in call.arguments
    )
    if (makes and of.taint & {ACCOUNTS, DIRECTORY}) or call.name in _FUNCTIONS:
        _noted(reader, call.line, given, "makes an account that {} names")
        return Value(None, of.taint | {ACCOUNTS}, frozenset({"account"}))
    sets = call.name == "setpassword" or (call.name == "invoke" and _says(call, "setpassword"))
    if sets and of.kinds & {"account", "directory"}:
        _noted(reader, call.line, given, "sets the password of an account to what {} says")
    return None


def _says(call: Call, word: str) -> bool:
    first = call.arguments[0].constant if call.arguments else None
    return isinstance(first, str) and first.lower() == word


def _noted(reader: Reader, line: int, value: Value, words: str) -> None:
    if value.taint & CHOSEN:
        reader.note(Sign(Capability.MAKE_ACCOUNTS, line, words.format(who(value))))
