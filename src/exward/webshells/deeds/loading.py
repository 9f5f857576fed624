"""Programs that are loaded from bytes: `Assembly.Load`, also by reflection."""

from __future__ import annotations

from exward.webshells.call import Call
from exward.webshells.deeds.registry import About, Reader
from exward.webshells.deeds.who import CHOSEN, who
from exward.webshells.sign import Capability, Sign
from exward.webshells.values import DECODED, DECRYPTED, FILE, SOURCES, Value

_PATHS = (
    "assembly.load", "assembly.loadfrom", "assembly.loadfile", "assembly.unsafeloadfrom",
    "currentdomain.load", "appdomain.load", "executeassembly", "createinstancefrom",
    "createinstancefromandunwrap", "managedinstallerclass.installhelper",
)  # fmt: skip
_LOADS = frozenset({"load", "loadfrom"})
ABOUT = About(
    _LOADS
    | {"executeassembly", "createinstancefrom", "createinstancefromandunwrap", "installhelper"}
    | {"loadfile", "unsafeloadfrom", "invoke", "dynamicinvoke", "getmethod", "invokemember"},
    kinds=frozenset({"loader"}),
)


def look(reader: Reader, call: Call) -> Value | None:
    """Note what program a call loads."""
    kinds = call.receiver.kinds
    invoked = kinds >= {"loader", "named"} and (
        call.name in {"invoke", "dynamicinvoke"} or call.path == call.name
    )
    if call.path.endswith(_PATHS) or invoked or (call.name in _LOADS and "assembly" in kinds):
        _loaded(reader, call)
        return Value(None, call.given.taint, frozenset({"loader", "assembly"}))
    if call.name not in {"getmethod", "invokemember"} or not call.arguments:
        return None
    asked = call.arguments[0].constant
    name = asked.lower() if isinstance(asked, str) else ""
    hidden = asked is None and not call.arguments[0].taint & SOURCES
    if call.name == "getmethod" and (name == "load" or hidden or "type:assembly" in kinds):
        return Value(None, frozenset(), frozenset({"loader", "named"}))
    if name in _LOADS:
        _loaded(reader, call)
    return None


def _loaded(reader: Reader, call: Call) -> None:
    given = call.given
    if given.anchored and call.name in {"loadfrom", "loadfile"}:
        return  # from a folder that nobody outside names
    if given.taint & (CHOSEN | {FILE}):
        words = f"loads a program that {who(given)} brings"
    elif given.kinds & {DECODED, DECRYPTED, "bytes"} or isinstance(given.constant, bytes):
        words = "loads a program that is hidden in the file"
    else:
        return
    reader.note(Sign(Capability.LOAD_CODE, call.line, words))
