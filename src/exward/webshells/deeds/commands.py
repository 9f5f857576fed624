"""Programs that are started: Process, WScript.Shell, Shell.Application, WMI."""

from __future__ import annotations

import re

from exward.webshells.blocks import VB
from exward.webshells.call import Call
from exward.webshells.deeds.registry import About, Reader
from exward.webshells.deeds.who import CHOSEN, who
from exward.webshells.interpreters import is_interpreter
from exward.webshells.sign import Capability, Sign
from exward.webshells.values import UNKNOWN, Value, joined

_SHELL = frozenset({"run", "exec", "shellexecute", "open"})
_SHELLS = frozenset({"shell", "chosenobject"})
_DATABASES = frozenset({"database", "connection"})


_FIXED, _ANY = frozenset({"fixedprogram"}), frozenset({"anyprogram"})
_PROGRAMS = _FIXED | _ANY
"""Kinds of an object that starts a program, by what the program is."""
MAX_COMMAND = 2_000
"""Letters of a command that are looked at."""
_NATIVE = frozenset(
    {"winexec", "createprocess", "createprocessa", "createprocessw", "createprocessasuser",
     "createprocessasuserw", "createprocesswithlogonw", "createprocesswithtokenw", "shellexecute",
     "shellexecutea", "shellexecutew", "shellexecuteex", "system"}
)  # fmt: skip
"""Functions of Windows, called by their own names."""
_TASK = frozenset({"set_path", "set_arguments", "set_xmltext", "registertask"})
ABOUT = About(
    _SHELL
    | _NATIVE
    | {"start", "shell", "write", "writeline", "invoke", "invokemember", "kill", "invokemethod"}
    | {"create", "set_arguments", "set_filename", "executeshellcommand", "execaction"}
    | _TASK,
    ("processstartinfo",),
    frozenset({"process", "type:process"}),
)


def look(reader: Reader, call: Call) -> Value | None:
    """Note what program a call starts, or what it tells one."""
    kinds = call.receiver.kinds
    started = call.path.endswith("process.start") or kinds & {"process", "type:process"}
    told = call.name in {"set_arguments", "set_filename"}
    made = call.name == "new" and call.path.endswith("processstartinfo")
    told = told or made
    _constant(reader, call, bool(started) or told or _runs(reader, call))
    if made and call.arguments:
        return Value(kinds=_kind_of(call.arguments[0]))
    _named(reader, call)
    if call.name == "start" and started:
        _started(reader, call)
        return Value(kinds=frozenset({"process"}) | kinds & _PROGRAMS)
    if call.name in {"write", "writeline"} and "process" in kinds:
        words = f"tells a program what {who(call.given)} says"
        if call.given.taint & CHOSEN:
            reader.note(Sign(Capability.RUN_COMMANDS, call.line, words, sure=not _is_fixed(kinds)))
        return UNKNOWN
    if _runs(reader, call):
        _noted(reader, call, call.given, "runs the command that {} says")
        return Value(kinds=frozenset({"process"}))
    for applies, words in _told(call):
        if applies:
            _noted(reader, call, call.given, words)
    _managed(reader, call)
    return None


def _managed(reader: Reader, call: Call) -> None:
    """Programs that are ended, and those that WMI starts."""
    kinds = call.receiver.kinds
    if call.name == "kill" and "process" in kinds:
        words = "ends running programs"
        reader.note(Sign(Capability.EXPLORE, call.line, words, sure=False))
    if "wmi" in kinds and call.name in {"invokemethod", "create"}:
        given = joined(call.receiver, *call.arguments)
        _noted(reader, call, given, "starts a program over WMI as {} says")


def _told(call: Call) -> tuple[tuple[bool, str], ...]:
    """Calls that something is told which runs it, and the words for each."""
    kinds = call.receiver.kinds
    invokes = call.name in {"invoke", "invokemember"}
    shell = call.name == "invokemember" and bool(_SHELLS & (kinds | call.given.kinds))
    return (
        (shell or call.name == "executeshellcommand", "runs the command that {} says"),
        (invokes and "type:process" in kinds, "starts a program as {} says"),
        (call.path in _NATIVE, "starts a program as {} says"),
        (_schedules(call), "schedules a task that runs what {} says"),
    )


def _schedules(call: Call) -> bool:
    """Task Scheduler's COM objects, and the library TaskScheduler that wraps them."""
    told = call.name in _TASK and "scheduler" in call.receiver.kinds
    return told or (call.name == "new" and call.path.endswith("execaction"))


def _named(reader: Reader, call: Call) -> None:
    """Note on the object which program it will start, if a call says that."""
    if call.name == "set_filename":
        reader.becomes(_kind_of(call.given))


def _kind_of(program: Value) -> frozenset[str]:
    """A program of which the code says that it is no interpreter, or any."""
    text = program.constant if isinstance(program.constant, str) else ""
    is_fixed = bool(text) and not program.kinds and not program.taint and not is_interpreter(text)
    return _FIXED if is_fixed else _ANY


def _is_fixed(kinds: frozenset[str]) -> bool:
    return kinds & _PROGRAMS == _FIXED


def _started(reader: Reader, call: Call) -> None:
    """A program that is fixed may take arguments from visitors: that alone proves nothing."""
    value = joined(call.receiver, *call.arguments)
    if not value.taint & CHOSEN:
        return
    kinds = value.kinds
    if len(call.arguments) > 1:
        kinds |= _kind_of(call.arguments[0])
    words = f"starts a program as {who(value)} says"
    reader.note(Sign(Capability.RUN_COMMANDS, call.line, words, sure=not _is_fixed(kinds)))


def _constant(reader: Reader, call: Call, runs: bool) -> None:
    """Programs that the page has written before, and commands that no page has a need for."""
    if not runs:
        return
    for value in (call.receiver, *call.arguments):
        text = value.constant if isinstance(value.constant, str) else value.prefix
        text = text[:MAX_COMMAND].lower()
        if any(name and name in text for name in reader.known.written):
            words = "runs a program that it has written itself"
            reader.note(Sign(Capability.RUN_COMMANDS, call.line, words))
        elif _HOSTILE.search(text):
            words = "runs a command of the kind that intruders run"
            reader.note(Sign(Capability.RUN_COMMANDS, call.line, words))


_HOSTILE = re.compile(
    r"\breg(?:edit)?(?:\.exe)?\s+[-/]s\b|\bnet1?(?:\.exe)?\s+(?:user|localgroup|group)\b.{0,200}/add|\breg(?:\.exe)?\s+(?:add|save)\b"
    r"|powershell.{0,200}\s-e(?:nc|ncodedcommand|c)?\s|certutil.{0,200}(?:-urlcache|-decode)|bitsadmin.{0,200}/transfer"
    r"|mshta\s+http|regsvr32.{0,200}scrobj|\bwhoami\b|\bprocdump|\blsass|comsvcs.{0,40}minidump|ntds\.dit|\bvssadmin\s+(?:create|delete)|\bsc\s+create|add-pssnapin\s+microsoft\.exchange|new-mailboxexportrequest|netsh\s+advfirewall.{0,200}off"
)


def _runs(reader: Reader, call: Call) -> bool:
    if call.receiver.kinds & _SHELLS and call.name in _SHELL:
        return True
    if call.path.endswith("interaction.shell"):
        return True
    if reader.language != VB or not call.arguments:
        return False
    unknown = call.name == "exec" and "." in call.path and not call.receiver.kinds & _DATABASES
    return unknown or call.path == "shell"


def _noted(reader: Reader, call: Call, value: Value, words: str) -> None:
    if value.taint & CHOSEN:
        reader.note(Sign(Capability.RUN_COMMANDS, call.line, words.format(who(value))))
