"""Text that is run as code: `eval`, `Execute`, script hosts, compilers, style sheets."""

from __future__ import annotations

import re

from exward.webshells.blocks import CSHARP, VB
from exward.webshells.call import Call
from exward.webshells.deeds.registry import About, Reader
from exward.webshells.deeds.who import CHOSEN, is_chosen, who
from exward.webshells.sign import Capability, Sign
from exward.webshells.values import (
    CONTROL,
    DECODED,
    DECRYPTED,
    FILE,
    REQUEST,
    UNKNOWN,
    Value,
    joined,
    text_of,
)

_EVALS = frozenset({"eval", "execute", "executeglobal"})
_SCRIPT_HOST = frozenset({"eval", "executestatement", "addcode", "run"})
_ROSLYN = frozenset({"evaluateasync", "runasync"})
"""`CSharpScript` and `VisualBasicScript` of Microsoft.CodeAnalysis.Scripting."""
_POWERSHELL = frozenset(
    {"addscript", "addcommand", "addparameter", "addargument", "createpipeline", "invoke"}
)
_FUNCTIONS = frozenset({"function", "getobject"})
"""JScript's `new Function(text)`; `GetObject("script:…")`."""
_ASKING = re.compile(r"[\s;]*(?:(?:var\s+)?[\w.()\[\]\s]+=)?[\s(]*(?<=[=(])[\s(]*", re.IGNORECASE)
"""`eval("(" + text + ")")` reads JSON, `Execute "x=" & name` asks for a variable."""
_NAMED = re.compile(r"[ \t]*(?:call[ \t]+)?[a-z]\w*_", re.IGNORECASE)
"""`Execute "Call show_" & name` calls one of its own functions."""
_BEGINNINGS = ("script:", "scriptlet:", "new:")
_ANY = CHOSEN | {FILE}
ABOUT = About(
    _EVALS | _SCRIPT_HOST | _POWERSHELL | _FUNCTIONS | _ROSLYN
    | {"jscriptevaluate", "evaluate", "load", "transform"}
    | {f"compileassemblyfrom{what}" for what in ("source", "dom", "file")}
    | {f"compileassemblyfrom{what}batch" for what in ("source", "dom", "file")},
    kinds=frozenset({"eval"}),
)  # fmt: skip


def look(reader: Reader, call: Call) -> Value | None:
    """Note what a call runs as code."""
    kinds = call.receiver.kinds
    if _is_eval(reader, call) or ("script" in kinds and call.name in _SCRIPT_HOST):
        given = _evaluated(reader, call)
        if given.constant is not None and not call.given.taint:
            return given
        return joined(Value(taint=call.given.taint), given)
    if call.path in _FUNCTIONS and _is_code(call):
        _noted(reader, call, "makes code of what {} says")
        return None
    if call.name in _ROSLYN and "script" in call.path:
        _noted(reader, call, "runs what {} says as code")
        return None
    if "compiler" in kinds and call.name.startswith("compileassembly"):
        _noted(reader, call, "compiles and runs what {} says as code")
        if not call.given.taint & _ANY and DECODED in call.given.kinds:
            words = "compiles and runs code that is hidden in texts"
            reader.note(Sign(Capability.RUN_CODE, call.line, words))
        return Value(None, call.given.taint, frozenset({"loader"}))
    if "powershell" in kinds and call.name in _POWERSHELL:
        _powershell(reader, call)
        return Value(None, call.given.taint | call.receiver.taint, kinds)
    if "xslt" in kinds and call.name in {"load", "transform"}:
        _style_sheet(reader, call)
        return UNKNOWN
    return None


def _is_code(call: Call) -> bool:
    """`GetObject` runs code for some names only; most ask a directory."""
    first = call.given
    named = first.prefix.lower().startswith(_BEGINNINGS)
    return call.path != "getobject" or named or is_chosen(first)


def _is_eval(reader: Reader, call: Call) -> bool:
    if reader.language == CSHARP:
        return call.name in {"jscriptevaluate", "evaluate"} and "jscript" in call.path
    if call.path == "eval" and reader.language == VB and reader.known.is_net:
        return False  # data binding
    if "eval" in call.receiver.kinds:
        return True
    return call.name in _EVALS and call.path == call.name


def _evaluated(reader: Reader, call: Call) -> Value:
    first = call.arguments[0] if call.arguments else UNKNOWN
    if first.taint & _ANY:
        words = f"runs what {who(first)} says as code"
        harmless = any(shape.fullmatch(first.prefix) for shape in (_ASKING, _NAMED))
        reader.note(Sign(Capability.RUN_CODE, call.line, words, sure=not harmless))
        return UNKNOWN
    if "session" in first.kinds:
        words = "runs what the session holds as code"
        reader.note(Sign(Capability.RUN_CODE, call.line, words))
        return UNKNOWN
    for text in first.others:
        reader.nested(text, call.line)
    if call.given.kinds & {DECODED, DECRYPTED}:
        reader.note(Sign(Capability.RUN_CODE, call.line, "runs code that is hidden in texts"))
    if isinstance(first.constant, str | bytes):
        return reader.nested(text_of(first.constant), call.line)
    return UNKNOWN


def _noted(reader: Reader, call: Call, words: str) -> None:
    if call.given.taint & _ANY:
        text = words.format(who(call.given))
    elif DECRYPTED in call.given.kinds:
        text = "runs what it decrypts as code"
    else:
        return
    reader.note(Sign(Capability.RUN_CODE, call.line, text))


def _powershell(reader: Reader, call: Call) -> None:
    for value in (call.given, call.receiver):
        if value.taint & CHOSEN:
            words = f"gives PowerShell what {who(value)} says"
            reader.note(Sign(Capability.RUN_COMMANDS, call.line, words))
            return


def _style_sheet(reader: Reader, call: Call) -> None:
    trusted = "xsltsettings" in call.given.kinds
    if call.given.taint & {REQUEST, CONTROL} and (trusted or call.name == "load"):
        words = f"runs a style sheet that {who(call.given)} brings"
        reader.note(Sign(Capability.RUN_CODE, call.line, words, trusted))
