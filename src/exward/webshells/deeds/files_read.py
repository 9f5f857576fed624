"""Files and folders that are shown or removed."""

from __future__ import annotations

import re

from exward.webshells.call import Call
from exward.webshells.deeds.registry import About, Reader
from exward.webshells.deeds.who import is_chosen, who
from exward.webshells.sign import Capability, Sign
from exward.webshells.values import DECODED, OWN_FOLDER, SECRET, UNKNOWN, Value

_READS = frozenset(
    {"opentextfile", "readalltext", "loadfromfile", "readallbytes", "transmitfile", "writefile",
     "createfromdirectory", "openread", "opentext", "readlines", "readalllines"}
)  # fmt: skip
_LISTS = frozenset(
    {
        "getfolder",
        "getdirectories",
        "getfiles",
        "getfilesystementries",
        "getaccesscontrol",
        "enumeratefiles",
        "enumeratedirectories",
        "enumeratefilesystementries",
    }
)
_LISTED = ("directoryinfo",)
_OPENED = ("streamreader", "filestream", "binaryreader")
_DELETES = frozenset({"deletefile", "deletefolder"})
_DELETED = ("file.delete", "directory.delete")
_SECRET_FILES = ("web.config", "machine.config", "applicationhost.config", "global.asa")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]{0,4}")
_NO_CODE = (".gif", ".jpg", ".jpeg", ".png", ".bmp", ".ico", ".css", ".txt", ".log", ".dat")
ABOUT = About(_READS | _LISTS | _DELETES | {"delete", "namespace"}, _LISTED + _OPENED)


def look(reader: Reader, call: Call) -> Value | None:
    """Note which file or folder a call shows or removes."""
    first = call.arguments[0] if call.arguments else UNKNOWN
    if call.name == "namespace" and "shell" in call.receiver.kinds:
        _listed(reader, call, first)
    if call.name == "new" and call.path.endswith(_OPENED) and first.key and is_chosen(first):
        _shown(reader, call, first)
    if call.name in _LISTS or call.path.endswith(_LISTED):
        _listed(reader, call, first)
    if (call.name in _DELETES or call.path.endswith(_DELETED)) and is_chosen(first):
        words = f"deletes what {who(first)} names"
        reader.note(Sign(Capability.WRITE_FILES, call.line, words, sure=False))
    if call.name not in _READS or "http" in call.receiver.kinds:
        return None
    return _read(reader, call, first)


def _listed(reader: Reader, call: Call, folder: Value) -> None:
    if is_chosen(folder):
        words = f"lists the folder that {who(folder)} names"
        reader.note(Sign(Capability.READ_FILES, call.line, words))
    elif isinstance(folder.constant, str) and _DRIVE.fullmatch(folder.constant):
        reader.note(Sign(Capability.READ_FILES, call.line, "lists a whole drive", sure=False))
    elif OWN_FOLDER in folder.kinds and folder.constant == "/":
        reader.note(Sign(Capability.READ_FILES, call.line, "lists the whole site", sure=False))


def _shown(reader: Reader, call: Call, path: Value) -> None:
    words = f"shows the file that {who(path)} names"
    sure = call.name == "createfromdirectory" or not reader.known.checks_names
    reader.note(Sign(Capability.READ_FILES, call.line, words, sure))


def _read(reader: Reader, call: Call, path: Value) -> Value | None:
    if is_chosen(path):
        _shown(reader, call, path)
    named = path.constant.lower() if isinstance(path.constant, str) else ""
    if named.endswith(_SECRET_FILES):
        return Value(taint=frozenset({SECRET}))
    if named.endswith(_NO_CODE):
        return Value(kinds=frozenset({DECODED, "writer"}))
    return None
