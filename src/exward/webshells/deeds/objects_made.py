"""Objects, controls and pages that are made or run because a stranger names or sends them."""

from __future__ import annotations

from exward.webshells.call import Call
from exward.webshells.deeds.registry import About, Reader
from exward.webshells.deeds.who import CHOSEN, is_chosen, who
from exward.webshells.sign import Capability, Sign
from exward.webshells.values import DECRYPTED, FILE, NONE, REQUEST, Value

_DESERIALISE = frozenset(
    {"deserialize", "unsafedeserialize", "readobject", "deserializeobject", "parse", "load"}
)
_DESERIALISERS = frozenset({"deserialiser", "type:deserialiser"})
_BY_NAME = frozenset({"parsecontrol"})
_PROVIDERS = ("objectdataprovider", "evaluation.project")
_READERS = ("resxresourcereader", "resourcereader")
_FROM_SITE = frozenset({"execute", "transfer"})
_PAGES = frozenset({"loadcontrol", "createinstancefromvirtualpath", "getcompiledtype"})
_INVOKES = frozenset({"invoke", "invokemember", "dynamicinvoke"})
_REFLECTS = _INVOKES | {"getmethod", "createinstance", "createdelegate", "getconstructor"}
_ANY = CHOSEN | {FILE}
ABOUT = About(
    _DESERIALISE | _REFLECTS | _BY_NAME | _FROM_SITE | _PAGES | {"getmethod", "project"},
    _PROVIDERS + _READERS,
)


def look(reader: Reader, call: Call) -> Value | None:
    """Note what a call makes of a name or of bytes."""
    kinds, given = call.receiver.kinds, call.given
    if call.name == "new" and call.path.endswith(_READERS) and REQUEST in given.taint:
        _noted(reader, call, "makes objects of what {} says, which can run code")
    if call.name in _BY_NAME or call.path.endswith(_PROVIDERS):
        _noted(reader, call, "makes and runs what {} names")
    if "hiddentype" in kinds | given.kinds and call.name in _REFLECTS:
        if call.name in _INVOKES:
            _noted(reader, call, "calls a function whose name it hides with what {} says")
        return Value(None, given.taint, frozenset({"hiddentype"}))
    if call.name == "getmethod" and "chosentype" in kinds:
        _noted(reader, call, "calls the function that {} names")
    from_site = call.name in _FROM_SITE and call.path.startswith("server.")
    if (from_site or call.name in _PAGES) and is_chosen(given):
        words = f"runs the page that {who(given)} names"
        reader.note(Sign(Capability.RUN_CODE, call.line, words, sure=False))
    settings = call.arguments[1].kinds if len(call.arguments) > 1 else NONE
    if (kinds | settings) & _DESERIALISERS and call.name in _DESERIALISE:
        if REQUEST in given.taint or DECRYPTED in given.kinds:
            _noted(reader, call, "makes objects of what {} says, which can run code")
        return Value(None, given.taint)
    return None


def _noted(reader: Reader, call: Call, words: str) -> None:
    if call.given.taint & _ANY or DECRYPTED in call.given.kinds:
        text = words.format(who(call.given))
        reader.note(Sign(Capability.RUN_CODE, call.line, text))
