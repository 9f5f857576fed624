"""Programs that are started: Process, WScript.Shell, Shell.Application, WMI."""

from __future__ import annotations

from exward.webshells.blocks import VB
from exward.webshells.call import Call
from exward.webshells.deeds.registry import Reader
from exward.webshells.deeds.who import CHOSEN, who
from exward.webshells.sign import Capability, Sign
from exward.webshells.values import UNKNOWN, Value, joined

_SHELL = frozenset({"run", "exec", "shellexecute", "open"})
_VB_SHELL = frozenset({"shell", "interaction.shell", "microsoft.visualbasic.interaction.shell"})


def look(reader: Reader, call: Call) -> Value | None:
    """Note what program a call starts, or what it tells one."""
    kinds = call.receiver.kinds
    started = call.path.endswith("process.start") or kinds & {"process", "type:process"}
    if call.name == "start" and started:
        _noted(reader, call, joined(call.receiver, *call.arguments), "starts a program as {} says")
        return Value(kinds=frozenset({"process"}))
    if call.name in {"write", "writeline"} and "process" in kinds:
        _noted(reader, call, call.given, "tells a program what {} says")
        return UNKNOWN
    if _runs(reader, call):
        _noted(reader, call, call.given, "runs the command that {} says")
        return Value(kinds=frozenset({"output"}))
    if "wmi" in kinds and call.name in {"invokemethod", "create"}:
        given = joined(call.receiver, *call.arguments)
        _noted(reader, call, given, "starts a program over WMI as {} says")
    return None


def _runs(reader: Reader, call: Call) -> bool:
    if call.receiver.kinds & {"shell", "chosenobject"} and call.name in _SHELL:
        return True
    if reader.language != VB or not call.arguments:
        return False
    unknown = call.name == "exec" and "." in call.path and "database" not in call.receiver.kinds
    return unknown or call.path in _VB_SHELL


def _noted(reader: Reader, call: Call, value: Value, words: str) -> None:
    if value.taint & CHOSEN:
        reader.note(Sign(Capability.RUN_COMMANDS, call.line, words.format(who(value))))
