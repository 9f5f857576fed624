"""Files and folders that are copied and moved."""

from __future__ import annotations

import re

from exward.webshells.call import Call
from exward.webshells.deeds.registry import About, Reader
from exward.webshells.deeds.who import is_chosen, who
from exward.webshells.sign import Capability, Sign
from exward.webshells.values import Value

_NAMES = frozenset(
    {"copyfile", "movefile", "copyfolder", "movefolder", "copydirectory", "movedirectory"}
)
"""Scripting.FileSystemObject; My.Computer.FileSystem."""
_OBJECTS = frozenset({"copyto", "moveto", "copy", "move"})
"""Of a file of FileSystemObject, FileInfo and DirectoryInfo."""
_PATHS = ("file.copy", "file.move", "directory.move", "file.replace")
_STORES = re.compile(r"ntds\.dit$|\\config\\(?:sam|security|system)$", re.IGNORECASE)
"""Of the directory, and of the machine."""
ABOUT = About(_NAMES | _OBJECTS | {path.rpartition(".")[2] for path in _PATHS})


def look(reader: Reader, call: Call) -> Value | None:
    """Note a copy whose source and target a stranger names."""
    values = call.arguments[:2]
    of_path = call.name in _NAMES or call.path.endswith(_PATHS)
    if not of_path and call.name not in _OBJECTS:
        return None
    if not of_path:
        values = [call.receiver, *call.arguments[:1]] if call.receiver.key else []
    if of_path and any(map(_is_store, call.arguments[:2])):
        words = "copies the file in which Windows keeps passwords"
        reader.note(Sign(Capability.STEAL_PASSWORDS, call.line, words))
    named = [value for value in values if is_chosen(value)]
    if len(named) > 1 or (named and of_path):
        words = f"copies or moves what {who(named[0])} names"
        sure = len(named) > 1 and not reader.known.checks_names
        reader.note(Sign(Capability.WRITE_FILES, call.line, words, sure))
    return None


def _is_store(value: Value) -> bool:
    return isinstance(value.constant, str) and _STORES.search(value.constant[-200:]) is not None
