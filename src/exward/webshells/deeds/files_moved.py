"""Files and folders that are copied and moved."""

from __future__ import annotations

from exward.webshells.call import Call
from exward.webshells.deeds.registry import About, Reader
from exward.webshells.deeds.who import is_chosen, who
from exward.webshells.sign import Capability, Sign
from exward.webshells.values import Value

_NAMES = frozenset(
    {"copyfile", "movefile", "copyfolder", "movefolder", "copydirectory", "movedirectory"}
)
"""Scripting.FileSystemObject; My.Computer.FileSystem."""
_PATHS = ("file.copy", "file.move", "directory.move", "file.replace")
ABOUT = About(_NAMES | {path.rpartition(".")[2] for path in _PATHS})


def look(reader: Reader, call: Call) -> Value | None:
    """Note a copy whose source and target a stranger names."""
    if call.name not in _NAMES and not call.path.endswith(_PATHS):
        return None
    named = [value for value in call.arguments[:2] if is_chosen(value)]
    if named:
        words = f"copies or moves what {who(named[0])} names"
        sure = len(named) > 1 and not reader.known.checks_names
        reader.note(Sign(Capability.WRITE_FILES, call.line, words, sure))
    return None
