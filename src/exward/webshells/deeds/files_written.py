"""Files that are written: what goes into which."""

from __future__ import annotations

import re

from exward.webshells.call import Call
from exward.webshells.deeds.registry import About, Reader
from exward.webshells.deeds.who import CHOSEN, is_chosen, who
from exward.webshells.served import SCRIPTS
from exward.webshells.sign import Capability, Sign
from exward.webshells.values import (
    CONTROL,
    DECODED,
    DECRYPTED,
    FILE,
    NET,
    NONE,
    OWN_FOLDER,
    REQUEST,
    SECRET,
    SOURCES,
    UNKNOWN,
    Value,
    joined,
)

_SCRIPTS = (*SCRIPTS, "web.config", ".dll", ".cs", ".vb")
_WHOLE = (
    "file.writealltext", "file.writeallbytes", "file.appendalltext", "file.writealllines",
    "file.appendalllines",
    "my.computer.filesystem.writealltext", "my.computer.filesystem.writeallbytes",
)  # fmt: skip
_OPENED = (
    "streamwriter", "filestream", "file.create", "file.createtext", "file.openwrite", "file.open",
    "file.appendtext", "fileinfo",
)  # fmt: skip
_FSO = frozenset({"createtextfile", "opentextfile", "createfile"})
_CREATES = frozenset({"create", "createtextfile", "createdirectory", "createfolder"})
_AGAIN = frozenset({"createtext", "appendtext", "openwrite", "create", "open"})
_WRITES = frozenset({"write", "writeline", "writetext", "writebyte"})
_COPIES = frozenset({"copyto", "copytoasync"})
_SAVES = frozenset({"saveas", "savetofile", "save"})
_SAVED = frozenset({"posted", "stream", "upload", "control", "request"})
_POSTED = frozenset({"posted", "control", "upload", "request"})
_NAMED = frozenset({REQUEST, CONTROL, FILE})
_ANYWHERE = Value(taint=frozenset({REQUEST}), anchored=False)
_OWN_FOLDER = Value(taint=frozenset({REQUEST}), kinds=frozenset({OWN_FOLDER}))
_UNPACKS = frozenset({"extracttodirectory", "extracttofile"})
_DOWNLOADS = frozenset({"downloadfile", "downloadfileasync", "downloadfiletaskasync"})
_PASSWORDS = re.compile(r"pass|pwd|cookie|authorization", re.IGNORECASE)
ABOUT = About(
    _FSO | _CREATES | _AGAIN | _WRITES | _COPIES | _SAVES | _DOWNLOADS | _UNPACKS
    | {"openastextstream"} | {path.rpartition(".")[2] for path in _WHOLE + _OPENED},
    _OPENED,
)  # fmt: skip


def look(reader: Reader, call: Call) -> Value | None:
    """Note which file a call writes."""
    target = _target(call)
    if isinstance(target.constant, str):
        reader.known.written.add(target.constant.lower())
    if call.name in _CREATES and _is_made(call) and is_chosen(target):
        words = f"makes the file or folder that {who(target)} names"
        reader.note(Sign(Capability.WRITE_FILES, call.line, words, sure=False))
    if call.name in _UNPACKS and is_chosen(call.given):
        words = f"unpacks what {who(call.given)} names"
        reader.note(
            Sign(Capability.WRITE_FILES, call.line, words, sure=not reader.known.checks_names)
        )
    if call.name == "openastextstream":
        return Value(None, NONE, _writer(call.receiver))
    if _whole(reader, call, target):
        return UNKNOWN
    if call.name in _FSO or (call.path.endswith(_OPENED) and call.arguments):
        return Value(None, frozenset({SECRET}) & call.given.taint, _writer(target))
    if call.name in _AGAIN and call.receiver.kinds & {"chosenpath", "scriptpath"}:
        return Value(None, frozenset(), call.receiver.kinds)
    if call.name in _COPIES and "writer" in call.given.kinds:
        _into(reader, call._replace(receiver=call.given, arguments=[call.receiver]))
        return UNKNOWN
    if call.name in _WRITES and "writer" in call.receiver.kinds:
        _into(reader, call)
        return UNKNOWN
    return None


def _is_made(call: Call) -> bool:
    return call.name != "create" or call.path.endswith(("file.create", "directory.create"))


def _target(call: Call) -> Value:
    """The path that a call may write to."""
    if call.name in _DOWNLOADS and len(call.arguments) > 1:
        return call.arguments[1]
    writes = call.name in _SAVES | _FSO | _CREATES or call.path.endswith(_WHOLE + _OPENED)
    return call.arguments[0] if writes and call.arguments else UNKNOWN


def _whole(reader: Reader, call: Call, target: Value) -> bool:
    """Whether a call writes a whole file."""
    held = call.receiver
    into_script = held.taint & CHOSEN and _is_script(target)
    if call.name in _SAVES and (held.kinds & _SAVED or FILE in held.taint or into_script):
        posted = call.receiver.kinds & _POSTED
        sent = frozenset({REQUEST if "request" in posted else FILE})
        content = Value(taint=sent, anchored=False) if posted else call.receiver
        _written(reader, call.line, target, content)
        return True
    if call.path.endswith(_WHOLE) and len(call.arguments) > 1:
        _written(reader, call.line, target, joined(*call.arguments[1:]))
        return True
    if call.name in _DOWNLOADS and len(call.arguments) > 1:
        taint = frozenset({NET}) | call.arguments[0].taint
        _written(reader, call.line, target, Value(taint=taint, anchored=False))
        return True
    return False


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
    else:
        _collected(reader, call.line, value)


def _writer(path: Value) -> frozenset[str]:
    if "writer" in path.kinds:  # a stream that was opened before
        return path.kinds
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
    named = path.taint & _NAMED
    if isinstance(content.constant, str):
        _carried(reader, line, content.constant)
    if _is_script(path) and content.taint & CHOSEN:
        words = f"writes what {who(content)} says into a script that the server runs"
        # Programs of classic ASP keep their settings so, with a text of their own around them.
        sure = "ownpath" in path.kinds or not content.anchored
        reader.note(Sign(Capability.WRITE_FILES, line, words, sure))
    elif _is_script(path) and content.kinds & {DECODED, DECRYPTED}:
        words = "writes what is hidden in it into a script that the server runs"
        reader.note(Sign(Capability.WRITE_FILES, line, words))
    elif content.taint & SOURCES and is_chosen(path):
        words = f"writes what {who(content)} says into a file that {who(path)} names"
        reader.note(Sign(Capability.WRITE_FILES, line, words))
    elif content.taint & SOURCES and named and OWN_FOLDER in path.kinds:
        words = f"writes what {who(content)} says into its own folder, by a name that comes with it"
        reader.note(Sign(Capability.WRITE_FILES, line, words, sure=not reader.known.checks_names))
    elif content.taint & SOURCES and path.taint & {REQUEST, CONTROL}:
        words = f"writes what {who(content)} says into a file named by {who(path)}, in one folder"
        reader.note(Sign(Capability.WRITE_FILES, line, words, sure=False))
    else:
        _collected(reader, line, content)


def _carried(reader: Reader, line: int, text: str) -> None:
    """A page that stands in a text of this one is written."""
    for sign in reader.known.inner(text) if "<" in text else ():
        if sign.sure:
            words = f"writes a page that {sign.words}"
            reader.note(Sign(Capability.WRITE_FILES, line, words))


def _collected(reader: Reader, line: int, content: Value) -> None:
    """Passwords or cookies go into a file."""
    if content.taint & {REQUEST, CONTROL} and _PASSWORDS.search(content.key):
        words = "writes the passwords or cookies of people into a file"
        reader.note(Sign(Capability.STEAL_PASSWORDS, line, words))
