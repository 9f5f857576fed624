"""Functions and methods that pure code may call: those that make texts of texts and numbers.

Names are those of Microsoft's documentation (VBScript, JScript, .NET), lower case. What is not
here, and not among the functions of `constants`, is not pure.
"""

from __future__ import annotations

import binascii
import gzip
import re
import zlib
from collections.abc import Callable

from exward.webshells import constants
from exward.webshells.decoding.values import (
    MAX_TEXT,
    Letter,
    Pure,
    Thing,
    Unclear,
    counted,
    said,
    whole,
)
from exward.webshells.values import Constant

Arguments = list[Pure]


def _listed(value: Pure) -> list[Pure]:
    if isinstance(value, list):
        return value
    if isinstance(value, str):
        return [Letter(one) for one in value]
    raise Unclear


def _letter(number: Pure) -> Letter:
    return Letter(chr(whole(number) & 0x10FFFF))


def _text_of_bytes(value: Pure) -> str:
    if isinstance(value, str):
        return value
    return bytes(whole(one) & 0xFF for one in _listed(value)).decode("utf-8", "replace")


def _bytes_of(value: Pure) -> list[Pure]:
    return [*said(value).encode("utf-8", "replace")]


def _in_str(arguments: Arguments) -> int:
    """Basic: `InStr([start,] text, sought)`, 0 if it is not there."""
    start = whole(arguments[0]) if isinstance(arguments[0], int | float) else 1
    held, sought = arguments[1:3] if isinstance(arguments[0], int | float) else arguments[:2]
    return said(held).find(said(sought), max(start - 1, 0)) + 1


def _mid(arguments: Arguments) -> str:
    text, start = said(arguments[0]), max(whole(arguments[1]) - 1, 0)
    return text[start : start + whole(arguments[2])] if len(arguments) > 2 else text[start:]


def _split(text: str, marks: Arguments) -> list[Pure]:
    mark = next((mark for mark in marks if isinstance(mark, str | list)), " ")
    if isinstance(mark, list):
        mark = said(mark[0]) if mark else ""
    return [*text.split(mark)] if mark else [*text]


def _format(arguments: Arguments) -> str:
    """`String.Format("{1}{0}", a, b)`."""
    given = arguments[1] if len(arguments) == 2 and isinstance(arguments[1], list) else None
    held = given if given is not None else arguments[1:]
    return re.sub(r"\{(\d{1,3})\}", lambda hole: said(held[int(hole[1])]), said(arguments[0]))


def unpacked(packed: bytes, is_gzip: bool) -> bytes:
    """The first of what was packed by GZip or Deflate, as much as a text may have."""
    wbits = zlib.MAX_WBITS | 16 if is_gzip else -zlib.MAX_WBITS
    try:
        return zlib.decompressobj(wbits).decompress(packed, MAX_TEXT)
    except (zlib.error, gzip.BadGzipFile):
        raise Unclear from None


def _joined(arguments: Arguments) -> str:
    """`Join(list, mark)` of Basic, `String.Join(mark, list)` of .NET."""
    if isinstance(arguments[0], list):
        mark = said(arguments[1]) if len(arguments) > 1 else " "
        return mark.join(map(said, arguments[0]))
    parts = arguments[1] if len(arguments) == 2 else arguments[1:]
    return said(arguments[0]).join(map(said, _listed(parts)))


FUNCTIONS: dict[str, Callable[[Arguments], Pure]] = {
    "chr": lambda a: _letter(a[0]), "chrw": lambda a: _letter(a[0]),
    "chrb": lambda a: _letter(a[0]), "convert.tochar": lambda a: _letter(a[0]),
    "asc": lambda a: ord(said(a[0])[0]), "ascw": lambda a: ord(said(a[0])[0]),
    "ascb": lambda a: ord(said(a[0])[0]) if isinstance(a[0], str) else whole(_listed(a[0])[0]),
    "len": lambda a: len(said(a[0])), "lenb": lambda a: len(_listed(a[0])), "mid": _mid,
    "midb": lambda a: _listed(a[0])[whole(a[1]) - 1 :][: whole(a[2])],
    "instr": _in_str, "ubound": lambda a: len(_listed(a[0])) - 1, "lbound": lambda a: 0,
    "array": lambda a: a, "split": lambda a: _split(said(a[0]), a[1:] or [" "]),
    "join": _joined, "string.join": _joined, "string.concat": lambda a: said(a),
    "string.format": _format, "cint": lambda a: whole(a[0]), "clng": lambda a: whole(a[0]),
    "cbyte": lambda a: whole(a[0]), "cstr": lambda a: said(a[0]), "cchar": lambda a: said(a[0])[:1],
    "cdbl": lambda a: counted(a[0]), "int": lambda a: int(counted(a[0]) // 1),
    "fix": lambda a: int(counted(a[0])), "abs": lambda a: abs(counted(a[0])),
    "math.floor": lambda a: int(counted(a[0]) // 1), "math.abs": lambda a: abs(counted(a[0])),
    "val": lambda a: counted(a[0]), "number": lambda a: counted(a[0]),
    "string.fromcharcode": lambda a: "".join(map(_letter, a)),
    "int.parse": lambda a: whole(said(a[0]).strip()), "convert.tostring": lambda a: said(a[0]),
    "math.min": lambda a: min(map(counted, a)), "math.max": lambda a: max(map(counted, a)),
    "array.reverse": lambda a: _reversed_in_place(a[0]),
    "isempty": lambda a: a[0] is None, "isnull": lambda a: a[0] is None,
    "string.isnullorempty": lambda a: not a[0], "string": lambda a: _repeated(a),
    "enumerable.reverse": lambda a: _listed(a[0])[::-1],
}  # fmt: skip
_NUMBERED = frozenset({"convert.tobyte", "convert.toint32", "convert.toint16", "byte.parse",
                       "convert.toint64"})  # fmt: skip


def _reversed_in_place(value: Pure) -> None:
    _listed(value).reverse()


def _repeated(arguments: Arguments) -> str:
    """VBScript: `String(3, "x")`; JScript: a value as text."""
    if len(arguments) == 1:
        return said(arguments[0])
    return said(arguments[1])[:1] * min(max(whole(arguments[0]), 0), MAX_TEXT)


def called(path: str, arguments: Arguments) -> Pure:
    """What a function gives that is not of the page itself; raises Unclear if it is not known."""
    path = path.removeprefix("system.").removeprefix("microsoft.visualbasic.")
    path = path.removeprefix("strings.").removeprefix("web.")
    try:
        if path in FUNCTIONS:
            return FUNCTIONS[path](arguments)
        if path in _NUMBERED or path == "parseint":
            base = whole(arguments[1]) if len(arguments) > 1 else 10
            is_number = isinstance(arguments[0], int | Letter)
            return whole(arguments[0]) if is_number else int(said(arguments[0]), base)
        if path.endswith("encoding.getencoding"):
            return Thing("encoding")
        if "encoding." in path and path.endswith((".getstring", ".getbytes")):
            convert = _text_of_bytes if path.endswith("g") else _bytes_of
            return convert(arguments[0])
    except (IndexError, ValueError, TypeError, OverflowError, binascii.Error):
        raise Unclear from None
    return _of_constants(constants.call(path, [said(one) for one in arguments]))


def _of_constants(found: Constant) -> Pure:
    if found is None:
        raise Unclear
    if isinstance(found, tuple | bytes):
        return [*found]
    return found


def named(path: str) -> Pure:
    """What a name with dots stands for that is of .NET: an encoding, a way to unpack."""
    if path.endswith("compressionmode.decompress"):
        return "decompress"
    if "encoding." in path:
        return Thing("encoding")
    raise Unclear


def member(value: Pure, name: str) -> Pure:
    """A member that is no call: a length, what an object holds."""
    if name in {"length", "count"} and isinstance(value, str | list):
        return len(value)
    if isinstance(value, Thing):
        if name == "nodetypedvalue":
            return _node(value)
        if name in value.members:
            return value.members[name]
        if name == "length" and value.kind == "builder":
            return len(said(value))
    raise Unclear


def _node(value: Thing) -> list[Pure]:
    """What a node of MSXML holds as bytes."""
    text = said(value.members.get("text"))
    try:
        if value.members.get("datatype") == "bin.hex":
            return [*bytes.fromhex(text)]
        return [*binascii.a2b_base64(text)]
    except ValueError:
        raise Unclear from None


def _appended(thing: Thing, arguments: Arguments) -> Thing:
    text = said(thing.members["text"]) + said(arguments[0])
    if len(text) > MAX_TEXT:
        raise Unclear
    thing.members["text"] = text
    return thing


def _inserted(thing: Thing, arguments: Arguments) -> Thing:
    text, at = said(thing.members["text"]), whole(arguments[0])
    thing.members["text"] = text[:at] + said(arguments[1]) + text[at:]
    return thing


def of_thing(thing: Thing, name: str, arguments: Arguments) -> Pure:
    """A method of an object that pure code made."""
    if thing.kind == "builder":
        if name in {"append", "insert"}:
            return (_appended if name == "append" else _inserted)(thing, arguments)
        if name == "tostring":
            return said(thing)
    elif thing.kind == "encoding" and name in {"getstring", "getbytes"}:
        return (_text_of_bytes if name == "getstring" else _bytes_of)(arguments[0])
    elif thing.kind == "node" and name == "createelement":
        return Thing("node")
    elif thing.kind == "stream":
        return _of_stream(thing, name, arguments)
    raise Unclear


def _of_stream(thing: Thing, name: str, arguments: Arguments) -> Pure:
    """ADODB.Stream between bytes and text; the streams of .NET."""
    held = thing.members.get("held")
    if name in {"write", "writetext"}:
        thing.members["held"] = arguments[0]
    elif name in {"readtext", "readtoend"}:
        return _text_of_bytes(held)
    elif name in {"read", "toarray"}:
        return _bytes_of(held) if isinstance(held, str) else held
    elif name == "copyto" and isinstance(arguments[0], Thing):
        arguments[0].members["held"] = held
    elif name not in {"open", "close", "flush", "dispose", "seteos"}:
        raise Unclear
    return None


def made(path: str, arguments: Arguments) -> Pure:
    """The object that `new` makes."""
    name = path.rpartition(".")[2]
    if name == "stringbuilder":
        is_text = bool(arguments) and isinstance(arguments[0], str)
        return Thing("builder", {"text": said(arguments[0]) if is_text else ""})
    if name == "string":
        if len(arguments) == 2:
            return said(arguments[0])[:1] * min(max(whole(arguments[1]), 0), MAX_TEXT)
        return said(arguments[0]) if arguments else ""
    if name == "list":
        return [*_listed(arguments[0])] if arguments and isinstance(arguments[0], list) else []
    if name in {"memorystream", "streamreader"}:
        held = arguments[0] if arguments else []
        return Thing("stream", {"held": held.members["held"] if isinstance(held, Thing) else held})
    if name in {"gzipstream", "deflatestream"} and isinstance(arguments[0], Thing):
        packed = bytes(whole(one) & 0xFF for one in _listed(arguments[0].members["held"]))
        return Thing("stream", {"held": [*unpacked(packed, name[0] == "g")]})
    raise Unclear


def com(name: str) -> Thing:
    """The COM objects that turn bytes into text."""
    name = name.lower()
    if name.startswith(("msxml2.domdocument", "microsoft.xmldom")):
        return Thing("node")
    if name == "adodb.stream":
        return Thing("stream")
    raise Unclear


def of_list(held: list[Pure], name: str, arguments: Arguments) -> Pure:
    """A method of a list that takes no function."""
    if name in {"add", "push"}:
        held.append(arguments[0])
        return None
    if name == "insert":
        held.insert(whole(arguments[0]), arguments[1])
        return None
    if name in {"toarray", "tolist", "cast", "tochararray"}:
        return [*held]
    if name == "reverse":
        held.reverse()  # in place for a List and in JScript; a new one for LINQ is the same text
        return held
    if name == "join":
        return (said(arguments[0]) if arguments else ",").join(map(said, held))
    if name == "skip":
        return held[whole(arguments[0]) :]
    if name in {"concat", "slice", "shift", "pop"}:
        return _of_array(held, name, arguments)
    raise Unclear


def _of_array(held: list[Pure], name: str, arguments: Arguments) -> Pure:
    """JScript."""
    if name == "concat":
        return [*held, *(one for part in arguments for one in _listed(part))]
    if name == "slice":
        return held[whole(arguments[0]) : whole(arguments[1]) if len(arguments) > 1 else None]
    if not held:
        raise Unclear
    return held.pop(0 if name == "shift" else -1)


def of_text(text: str, name: str, arguments: Arguments) -> Pure:
    """A method of a text that takes no function."""
    if name in {"indexof", "lastindexof"}:
        find = text.find if name == "indexof" else text.rfind
        return find(said(arguments[0]))
    if name in {"charat", "chars", "item"}:
        return Letter(text[whole(arguments[0])])
    if name == "charcodeat":
        return ord(text[whole(arguments[0])])
    if name == "split":
        return _split(text, arguments)
    if name in {"toarray", "tochararray", "reverse"}:
        return _listed(text)[:: -1 if name == "reverse" else 1]
    if name in {"startswith", "contains"}:
        sought = said(arguments[0])
        return text.startswith(sought) if name == "startswith" else sought in text
    return _of_constants(constants.method(name, text, [said(one) for one in arguments]))
