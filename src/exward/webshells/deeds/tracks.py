"""What hides that an intruder was there: event logs that are emptied, times that are changed."""

from __future__ import annotations

from exward.webshells.call import Call
from exward.webshells.deeds.registry import About, Reader
from exward.webshells.deeds.who import is_chosen, who
from exward.webshells.sign import Capability, Sign
from exward.webshells.values import EVENTS, UNKNOWN, Value

_TIMES = frozenset(
    f"{prefix}{what}time{ending}"
    for prefix in ("set", "set_")
    for what in ("lastwrite", "creation", "lastaccess")
    for ending in ("", "utc")
)
"""System.IO.File and FileInfo."""
_DELETED = ("file.delete", "deletefile")
ABOUT = About(_TIMES | {"clear", "cleareventlog", "delete", "deletefile"})


def look(reader: Reader, call: Call) -> Value | None:
    """Note what is hidden."""
    if call.name in _TIMES:
        _timed(reader, call)
    if call.name == "cleareventlog" or (call.name == "clear" and _is_log(call.receiver)):
        words = "empties the event logs of the server"
        reader.note(Sign(Capability.HIDE_TRACKS, call.line, words))
    if call.path.endswith(_DELETED) and "ownpath" in call.given.kinds:
        # Pages that set up a site do so when they are done.
        reader.note(Sign(Capability.HIDE_TRACKS, call.line, "deletes itself", sure=False))
    return None


def _is_log(value: Value) -> bool:
    return EVENTS in value.taint or "eventlog" in value.kinds


def _timed(reader: Reader, call: Call) -> None:
    of_object = call.name.startswith("set_")
    first = call.arguments[0] if call.arguments else UNKNOWN
    file = call.receiver if of_object else first
    if "ownpath" in file.kinds:
        words = "changes its own times, which tell when it came"
        reader.note(Sign(Capability.HIDE_TRACKS, call.line, words))
    elif is_chosen(file):
        words = f"changes the times of the file that {who(file)} names"
        reader.note(Sign(Capability.HIDE_TRACKS, call.line, words))
