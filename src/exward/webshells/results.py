"""What calls give: constants, what the request holds, and what is made of either.

Names are those of Microsoft's documentation (VBScript, JScript, ASP 3.0, .NET), lower case.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from exward.webshells import constants
from exward.webshells.call import Call
from exward.webshells.known_types import STICKY, kinds_of_type, named_object
from exward.webshells.objects import ANSWERS, FIXED, indexed
from exward.webshells.values import (
    DECODED,
    DECRYPTED,
    DIGITS,
    FOREIGN,
    HERE,
    LEAF,
    NET,
    NONE,
    OWN_FOLDER,
    REQUEST,
    SOURCES,
    UNKNOWN,
    Value,
    constant,
    joined,
    lettered,
    stays,
    text_of,
)

_NUMBERS = re.compile(
    r"(?:^|\.)(?:u?int(?:16|32|64)?|u?long|u?short|s?byte|single|float|double|decimal|guid|date|datetime"
    r"|timespan|bool|boolean|integer|enum)\.(?:try)?parse(?:exact)?$"
    r"|(?:^|\.)convert\.to(?:u?int\d+|s?byte|single|double|decimal|boolean|datetime)$"
    r"|^(?:cbyte|cshort|csng|cdec|cdate|val)$"
)
"""What makes numbers, dates and the like of a text."""
MAX_KEPT = 20_000
_NUMBERED = frozenset({"cint", "clng", "cdbl", "int", "cbyte"})
_DIGITS = Value(taint=frozenset({DIGITS}))
_LETTERS = frozenset({"chr", "chrw", "chrb", "tochar", "fromcharcode", "convertfromutf32"})
"""What makes letters of numbers."""
_SAFE = frozenset(
    {"cbool", "isnumeric", "len", "isnull", "isempty",
     "isdate", "isobject", "isarray", "ubound", "lbound", "typename", "vartype",
     "file.exists", "directory.exists", "string.isnullorempty", "string.isnullorwhitespace",
     "instr", "instrrev", "server.createobject", "path.getextension", "getextensionname"}
)  # fmt: skip
"""What comes out is no text that a stranger chose, or only a harmless part of it."""
_SAFE_METHODS = frozenset(
    {"equals", "startswith", "endswith", "contains", "indexof", "lastindexof", "getlength",
     "exists", "fileexists", "folderexists", "tryparse", "compareto",
     "gethashcode", "executenonquery", "executereader", "executescalar", "fill",
     "isnullorempty", "getextension", "hasvalue", "savedas"}
)  # fmt: skip
_DECODERS = frozenset(
    {"strreverse", "unescape", "fromcharcode", "frombase64string", "chr", "chrw", "chrb",
     "getstring", "decodeuricomponent", "atob", "transformfinalblock", "gunzip",
     "nodetypedvalue", "reverse"}
)  # fmt: skip


def result(call: Call) -> Value:
    """What a call gives whose function is not of this file."""
    for of in (_of_request, _of_object, _of_path, _of_list, _of_constants, _of_bytes):
        found = of(call)
        if found is not None:
            return found
    with_base = len(call.arguments) > 1 and not call.name.startswith("try")
    if call.path in _NUMBERED or (_makes_numbers(call.path) and not with_base):
        return _DIGITS if call.given.taint & SOURCES else UNKNOWN
    if call.path in _SAFE or call.name in _SAFE_METHODS:
        return UNKNOWN
    found = _of_anything(call)  # numbers in another base are bytes of a text
    return lettered(found) if call.name in _LETTERS else found


@lru_cache(maxsize=MAX_KEPT)
def _makes_numbers(path: str) -> bool:
    return _NUMBERS.search(path) is not None


def _of_request(call: Call) -> Value | None:
    if call.name in _WORKER:
        return Value(None, frozenset({REQUEST}), NONE, False)
    if not call.receiver.kinds & {"request", "variables", "fields"}:
        return None
    if (
        call.name in FIXED
        and call.name != "servervariables"
        and "fields" not in call.receiver.kinds
    ):
        return UNKNOWN
    if call.name == "binaryread":
        return Value(None, frozenset({REQUEST}), NONE, False)
    return indexed(call.receiver, call.arguments)


_WORKER = frozenset(
    {"getquerystring", "getrawurl", "getpreloadedentitybody", "readentitybody",
     "getknownrequestheader", "getunknownrequestheader", "getunknownrequestheaders",
     "getquerystringrawbytes"}
)  # fmt: skip
"""Methods of HttpWorkerRequest that give what the request holds."""


def _of_object(call: Call) -> Value | None:
    first = call.arguments[0] if call.arguments else UNKNOWN
    text = text_of(first.constant)
    if call.name in _MAKERS:
        return Value(kinds=named_object(first))
    if call.path.endswith("type.gettype") and first.taint & SOURCES:
        return Value(None, first.taint, frozenset({"chosentype"}), False)
    if call.name in _FACTORIES and (typed := _type_of(call.receiver)):
        return Value(kinds=frozenset({typed}))
    if call.name == "replace" and "regexp" in call.receiver.kinds and first.constant is not None:
        return Value(None, first.taint, frozenset({DECODED}))
    if call.name == "getref" and isinstance(first.constant, str):
        return Value(kinds=frozenset({f"function:{first.constant.lower()}"}))
    return _of_type(call, first, text)


def _of_type(call: Call, first: Value, text: str) -> Value | None:
    """Types by their names, what is made of them, and functions of Windows by theirs."""
    if call.name in _FINDING and first.constant is None and DECODED in first.kinds:
        return Value(kinds=frozenset({"hiddentype"}))
    if call.name == "gettype" and "reflection.assembly" in text.lower():
        return Value(kinds=frozenset({"type:assembly"}))
    if call.name == "gettype" and (kinds := kinds_of_type(text.partition(",")[0].strip())):
        return Value(kinds=frozenset(f"type:{kind}" for kind in kinds))
    if call.name == "createinstance" and first.kinds and not _type_of(first):
        return Value(None, first.taint, first.kinds)
    if call.name == "createinstance" and (typed := _type_of(first)):
        return Value(None, first.taint, call.receiver.kinds | first.kinds | {typed})
    if call.name == "getprocaddress" and len(call.arguments) > 1:
        named = call.arguments[1].constant
        return Value(kinds=frozenset({f"method:{named.lower()}"} if isinstance(named, str) else ()))
    if call.name == "getdelegateforfunctionpointer":
        return Value(kinds=first.kinds)
    return None


def _type_of(value: Value) -> str:
    """What an object is whose type a value stands for; "" if it stands for none."""
    kind = next((kind for kind in value.kinds if kind.startswith("type:")), "")
    return kind.removeprefix("type:")


def _of_path(call: Call) -> Value | None:
    """The name in a path, its folder, and the folder of the page itself."""
    given = call.given
    if call.name in _NAMES:
        return Value(None, given.taint, frozenset({LEAF}))
    if call.name in _FOLDERS and (given.kinds & {"ownpath", OWN_FOLDER}):
        return Value(None, frozenset({HERE}), frozenset({OWN_FOLDER}))
    if call.name == "mappath" and call.arguments:
        first = call.arguments[0]
        if isinstance(first.constant, str) and first.constant.strip("~/\\.") == "":
            return Value(first.constant, frozenset({HERE}), frozenset({OWN_FOLDER}))
    return None


_NAMES = frozenset({"getfilename", "getfilenamewithoutextension"})
_FOLDERS = frozenset({"getdirectoryname", "getparentfoldername"})


def _of_list(call: Call) -> Value | None:
    """An element by its number, or all elements of a list put together."""
    held = call.receiver.constant
    numbered = len(call.arguments) == 1 and isinstance(call.arguments[0].constant, int)
    is_letters = isinstance(held, str) and call.path == call.name
    if numbered and (isinstance(held, tuple | bytes) or is_letters):
        return indexed(call.receiver, call.arguments)
    if call.path == "ubound" and call.arguments and isinstance(call.arguments[0].constant, tuple):
        return constant(len(call.arguments[0].constant) - 1)
    if call.name == "join" and isinstance(held, str):  # an array of letters that was turned round
        return constant(held, frozenset({DECODED}))
    if call.name != "join":
        return None
    constants_ = [one.constant for one in (call.receiver, *call.arguments)]
    parts = next((one for one in constants_ if isinstance(one, tuple)), None)
    if parts is None:  # of a text, its letters
        last = call.arguments[-1] if len(call.arguments) > 1 else UNKNOWN
        return last if isinstance(last.constant, str) and "." in call.path else None
    marks = [one for one in constants_[1:] if isinstance(one, str)]
    return constant((marks[0] if marks else "").join(parts), frozenset({DECODED}))


def _of_constants(call: Call) -> Value | None:
    texts = texts_of(call.arguments)
    if texts is None:
        return None
    found = None
    if call.receiver.constant is not None:
        found = constants.method(call.name, text_of(call.receiver.constant), texts)
    if found is None:
        path = call.path.removeprefix("microsoft.visualbasic.").removeprefix("strings.")
        path = path.removeprefix("system.").removeprefix("web.")
        found = constants.call(path, texts)
    if found is None:
        return None
    return constant(found, frozenset({DECODED}) if call.name in _ALWAYS_DECODING else NONE)


def _of_bytes(call: Call) -> Value | None:
    """Text as bytes and bytes as text."""
    if call.name not in {"getstring", "getbytes", "toarray", "tochararray"}:
        return None
    if not call.arguments and call.receiver.constant is None:
        return None
    inner = call.arguments[0] if call.arguments else call.receiver
    held = text_of(inner.constant) if isinstance(inner.constant, bytes) else inner.constant
    return lettered(Value(held, inner.taint, inner.kinds | {DECODED}, inner.anchored, inner.key))


def _of_anything(call: Call) -> Value:
    value = joined(call.receiver, *call.arguments)
    if call.name in {"start", "run", "exec"}:
        return Value(kinds=call.receiver.kinds & STICKY)
    kinds = (value.kinds & {DECODED, FOREIGN, "posted"}) | (call.receiver.kinds & STICKY)
    if _decodes(call):
        kinds |= {DECODED}
    if call.name in _DECRYPTING:
        kinds |= {DECRYPTED}
    kinds |= value.kinds & {DECRYPTED}
    if call.path.startswith("assembly.") or call.name in _REFLECTING:
        kinds |= value.kinds & {
            "loader",
            "named",
            "assembly",
            "compiler",
            "process",
            "type:process",
            "shell",
        }
    taint = value.taint
    if "http" in call.receiver.kinds and call.name in ANSWERS:
        taint |= {NET}
    anchored = value.anchored or _is_foreign(call)
    if call.arguments and call.name in {"mappath", "combine", "format", "concat"}:
        first = call.arguments[0]
        anchored = first.anchored
        kinds |= value.kinds & {"ownpath"}
        kinds |= first.kinds & {OWN_FOLDER} if all(map(stays, call.arguments[1:])) else NONE
        if call.name == "mappath" and first.constant is not None:
            return Value(first.constant, taint, kinds, first.anchored, value.key)
    return Value(None, taint, kinds, anchored, value.key)


def _is_foreign(call: Call) -> bool:
    """Whether a function of a program does it, of which nobody knows what it gives."""
    known = call.name in _PASSING or call.path.rpartition(".")[0] in _PASSERS
    return "." in call.path and not call.receiver.taint and not call.receiver.kinds and not known


_PASSING = frozenset(
    {"mappath", "combine", "format", "concat", "urldecode", "htmldecode", "tostring", "join",
     "getfullpath", "getstring", "getbytes", "frombase64string", "transformfinalblock",
     "unescapedatastring", "replace", "changetype", "readtoend", "readline", "readstring",
     "decompress", "trim", "coalesce", "item"}
)  # fmt: skip
_PASSERS = frozenset({"regex", "convert", "string", "encoding", "path", "uri", "bitconverter"})


def _decodes(call: Call) -> bool:
    hidden = any(one.constant is not None or DECODED in one.kinds for one in call.arguments)
    return call.name in _ALWAYS_DECODING or (call.name in _DECODERS and hidden)


_MAKERS = frozenset(
    {"createobject", "getobject", "activexobject", "gettypefromprogid", "gettypefromclsid"}
)
_FINDING = frozenset({"gettype", "gettypebyname"})
_FACTORIES = frozenset(
    {"create", "createprovider", "createrunspace", "createpipeline", "getcontext"}
)
_REFLECTING = frozenset(
    {"getmethod", "getmethods", "getruntimemethod", "gettype", "createinstance", "getconstructor",
     "invokemember", "createdelegate"}
)  # fmt: skip
_DECRYPTING = frozenset({"transformfinalblock", "createdecryptor"})


_ALWAYS_DECODING = frozenset(
    {"chr", "chrw", "chrb", "strreverse", "fromcharcode", "frombase64string", "convertfromutf32"}
)


def texts_of(arguments: Sequence[Value]) -> list[str] | None:
    """The arguments as texts if all are constants."""
    texts = []
    for one in arguments:
        if one.constant is None:
            return None
        texts.append(text_of(one.constant))
    return texts
