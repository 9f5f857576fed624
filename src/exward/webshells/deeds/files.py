"""Files that are written or shown."""

from __future__ import annotations

from exward.webshells.call import Call
from exward.webshells.deeds.registry import Reader
from exward.webshells.deeds.who import CHOSEN, is_chosen, who
from exward.webshells.sign import Capability, Sign
from exward.webshells.values import (
    CONTROL,
    FILE,
    OWN_FOLDER,
    REQUEST,
    SOURCES,
    UNKNOWN,
    Value,
    joined,
)

_SCRIPTS = (
    ".asp", ".aspx", ".ashx", ".asmx", ".asa", ".cer", ".cdx", ".cshtml", ".asax", ".soap", ".svc",
)  # fmt: skip
_WHOLE = (
    "file.writealltext", "file.writeallbytes", "file.appendalltext", "file.writealllines",
    "my.computer.filesystem.writealltext",
)  # fmt: skip
_OPENED = (
    "streamwriter", "filestream", "file.create", "file.createtext", "file.openwrite", "file.open",
    "file.appendtext", "fileinfo",
)  # fmt: skip
_FSO = frozenset({"createtextfile", "opentextfile", "createfile"})
_CREATES = frozenset({"create", "createtextfile", "createdirectory", "createfolder"})
_AGAIN = frozenset({"createtext", "appendtext", "openwrite", "create", "open"})
_WRITES = frozenset({"write", "writeline", "writetext", "writebyte"})
_SAVES = frozenset({"saveas", "savetofile", "save"})
_SAVED = frozenset({"posted", "stream", "upload", "control"})
_READS = frozenset({"opentextfile", "readalltext", "loadfromfile", "readallbytes"})
_LISTS = frozenset({"getfolder", "getdirectories", "getfiles", "getfilesystementries"})
_LISTED = ("directoryinfo",)
_DELETES = frozenset({"deletefile", "deletefolder"})
_DELETED = ("file.delete", "directory.delete")
_NAMED = frozenset({REQUEST, CONTROL, FILE})
_ANYWHERE = Value(taint=frozenset({REQUEST}), anchored=False)
_OWN_FOLDER = Value(taint=frozenset({REQUEST}), kinds=frozenset({OWN_FOLDER}))


def look(reader: Reader, call: Call) -> Value | None:
    """Note which file a call writes or shows."""
    first = call.arguments[0] if call.arguments else UNKNOWN
    if call.name in _READS and is_chosen(first):
        words = f"shows the file that {who(first)} names"
        sure = not reader.known.checks_names
        reader.note(Sign(Capability.READ_FILES, call.line, words, sure))
    if (call.name in _LISTS or call.path.endswith(_LISTED)) and is_chosen(first):
        words = f"lists the folder that {who(first)} names"
        reader.note(Sign(Capability.READ_FILES, call.line, words))
    if (call.name in _DELETES or call.path.endswith(_DELETED)) and is_chosen(first):
        words = f"deletes what {who(first)} names"
        reader.note(Sign(Capability.WRITE_FILES, call.line, words, sure=False))
    if (call.name in _SAVES or call.name in _FSO or call.path.endswith(_WHOLE + _OPENED)) and (
        isinstance(first.constant, str)
    ):
        reader.known.written.add(first.constant.lower())
    if call.name in _SAVES and (call.receiver.kinds & _SAVED or FILE in call.receiver.taint):
        posted = call.receiver.kinds & {"posted", "control", "upload"}
        content = Value(taint=frozenset({FILE})) if posted else call.receiver
        _written(reader, call.line, first, content)
        return UNKNOWN
    if call.path.endswith(_WHOLE) and len(call.arguments) > 1:
        _written(reader, call.line, first, joined(*call.arguments[1:]))
        return UNKNOWN
    if call.name in _CREATES and is_chosen(first):
        words = f"makes the file or folder that {who(first)} names"
        reader.note(Sign(Capability.WRITE_FILES, call.line, words, sure=False))
    if call.name in _FSO or (call.path.endswith(_OPENED) and call.arguments):
        return Value(None, frozenset(), _writer(first))
    if call.name in _AGAIN and call.receiver.kinds & {"chosenpath", "scriptpath"}:
        return Value(None, frozenset(), call.receiver.kinds)
    if call.name in _WRITES and "writer" in call.receiver.kinds:
        _into(reader, call)
        return UNKNOWN
    return None


def _into(reader: Reader, call: Call) -> None:
    """Something is written into a file that was opened before."""
    kinds, value = call.receiver.kinds, call.given
    if "scriptpath" in kinds:
        own = Value(kinds=kinds & {"ownpath"}, constant=None if "ownpath" in kinds else ".asp")
        _written(reader, call.line, own, value)
    elif "chosenpath" in kinds:
        _written(reader, call.line, _ANYWHERE, value)
    elif OWN_FOLDER in kinds:
        _written(reader, call.line, _OWN_FOLDER, value)
    elif value.taint & {REQUEST, CONTROL} and "pass" in value.key:
        words = "writes the passwords of people into a file"
        reader.note(Sign(Capability.STEAL_PASSWORDS, call.line, words, sure=False))


def _writer(path: Value) -> frozenset[str]:
    if _is_script(path):
        return frozenset({"writer", "scriptpath"}) | (path.kinds & {"ownpath"})
    if is_chosen(path):
        return frozenset({"writer", "chosenpath"})
    named = path.taint & _NAMED and OWN_FOLDER in path.kinds
    return frozenset({"writer", OWN_FOLDER} if named else {"writer"})


def _is_script(path: Value) -> bool:
    named = isinstance(path.constant, str) and path.constant.lower().endswith(_SCRIPTS)
    return named or "ownpath" in path.kinds


def _written(reader: Reader, line: int, path: Value, content: Value) -> None:
    if content.taint & CHOSEN and _is_script(path):
        words = f"writes what {who(content)} says into a script that the server runs"
        # Programs of classic ASP keep their settings so, in a script with a name of its own.
        reader.note(Sign(Capability.WRITE_FILES, line, words, sure="ownpath" in path.kinds))
    elif content.taint & SOURCES and is_chosen(path):
        words = f"writes what {who(content)} says into a file that {who(path)} names"
        reader.note(Sign(Capability.WRITE_FILES, line, words))
    elif content.taint & SOURCES and path.taint & _NAMED and OWN_FOLDER in path.kinds:
        words = f"writes what {who(content)} says into its own folder, by a name that comes with it"
        reader.note(Sign(Capability.WRITE_FILES, line, words, sure=not reader.known.checks_names))
    elif content.taint & SOURCES and path.taint & {REQUEST, CONTROL}:
        words = f"writes what {who(content)} says into a file named by {who(path)}, in one folder"
        reader.note(Sign(Capability.WRITE_FILES, line, words, sure=False))
