"""Functions of VBScript, JScript and .NET that turn constants into constants."""

from __future__ import annotations

import base64
import binascii
import re
import urllib.parse
from collections.abc import Callable, Sequence

from exward.webshells.values import Constant, text_of

Texts = Sequence[str]


def _number(text: str) -> int:
    found = re.match(r"\s*(?:&[hH]([0-9a-fA-F]+)|0[xX]([0-9a-fA-F]+)|([-+]?\d+))", text)
    if found is None:
        raise ValueError(text)
    if found[3]:
        return int(found[3])
    return int(found[1] or found[2], 16)


def _char(text: str) -> str:
    return chr(_number(text) & 0x10FFFF)


def _mid(text: str, start: str, count: str = "") -> str:
    begin = max(_number(start) - 1, 0)
    return text[begin : begin + _number(count)] if count else text[begin:]


def _substring(text: str, start: str, count: str = "") -> str:
    begin = max(_number(start), 0)
    return text[begin : begin + _number(count)] if count else text[begin:]


def _removed(text: str, start: str, count: str = "99999") -> str:
    begin = _number(start)
    return text[:begin] + text[begin + _number(count) :]


def _base64(text: str) -> bytes:
    cleaned = re.sub(r"[^A-Za-z0-9+/]", "", text)
    return base64.b64decode(cleaned + "=" * (-len(cleaned) % 4))


def _unescape(text: str) -> str:
    text = re.sub(r"%u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    return urllib.parse.unquote(text, errors="replace")


def _formatted(pattern: str, *texts: str) -> str:
    return re.sub(r"\{(\d{1,3})\}", lambda hole: texts[int(hole[1])], pattern)


FUNCTIONS: dict[str, Callable[..., Constant]] = {
    "chr": _char, "chrw": _char, "chrb": _char, "char": _char,
    "convert.tochar": _char, "char.convertfromutf32": _char,
    "asc": lambda text: ord(text[0]), "ascw": lambda text: ord(text[0]),
    "string.fromcharcode": lambda *codes: "".join(map(_char, codes)),
    "mid": _mid, "left": lambda text, count: text[: _number(count)],
    "right": lambda text, count: text[-_number(count) :],
    "replace": lambda text, old, new, *_: text.replace(old, new) if old else text,
    "strreverse": lambda text: text[::-1], "strings.strreverse": lambda text: text[::-1],
    "lcase": lambda text: text.lower(), "ucase": lambda text: text.upper(),
    "trim": lambda text: text.strip(), "cstr": lambda text: text,
    "space": lambda n: " " * min(_number(n), 999),
    "cint": _number, "clng": _number, "cdbl": _number, "cbyte": _number, "int": _number,
    "parseint": lambda text, base="10": int(text, int(base)),
    "int.parse": _number, "convert.toint32": lambda text, base="10": int(text, int(base)),
    "array": lambda *texts: tuple(texts),
    "split": lambda text, mark=" ", *_: tuple(text.split(mark)) if mark else (text,),
    "hex": lambda text: f"{_number(text):X}", "len": lambda text: len(text),
    "unescape": _unescape, "decodeuricomponent": _unescape, "server.urldecode": _unescape,
    "httputility.urldecode": _unescape, "uri.unescapedatastring": _unescape,
    "convert.frombase64string": _base64, "atob": _base64,
    "system.convert.frombase64string": _base64,
    "enumerable.reverse": lambda text: text[::-1],
    "string.format": _formatted, "string.concat": lambda *texts: "".join(texts),
}  # fmt: skip
"""By the path of the function, lower case."""

METHODS: dict[str, Callable[..., Constant]] = {
    "replace": lambda text, old, new, *_: text.replace(old, new) if old else text,
    "substring": _substring, "substr": _substring, "tostring": lambda text, *_: text,
    "tochararray": lambda text: tuple(text), "toarray": lambda text: text,
    "reverse": lambda text: text[::-1],
    "tolower": lambda text: text.lower(), "tolowercase": lambda text: text.lower(),
    "toupper": lambda text: text.upper(), "trim": lambda text, *_: text.strip(),
    "insert": lambda text, at, new: text[: _number(at)] + new + text[_number(at) :],
    "remove": _removed,
    "concat": lambda *texts: "".join(texts),
    "split": lambda text, mark="", *_: tuple(text.split(mark)) if mark else tuple(text),
    "charat": lambda text, at: text[_number(at)],
    "charcodeat": lambda text, at: ord(text[_number(at)]),
}  # fmt: skip
"""Methods of texts, by name; the text comes first."""


def call(path: str, texts: Texts) -> Constant:
    """The constant that a function makes of constants; None if it is not known or fails."""
    function = FUNCTIONS.get(path)
    return None if function is None else _tried(function, texts)


def method(name: str, text: str, texts: Texts) -> Constant:
    """The constant that a method makes of a constant text; None if it is not known or fails."""
    function = METHODS.get(name)
    return None if function is None else _tried(function, (text, *texts))


def _tried(function: Callable[..., Constant], texts: Texts) -> Constant:
    try:
        return function(*texts)
    except (ValueError, TypeError, IndexError, OverflowError, binascii.Error, MemoryError):
        return None


def arithmetic(mark: str, left: Constant, right: Constant) -> Constant:
    """A sum or product of two constants; None if they are no numbers."""
    try:
        one, other = float(text_of(left)), float(text_of(right))
        whole = int(one), int(other)
    except (ValueError, OverflowError):
        return None
    result: Constant = None
    if mark == "-":
        result = one - other
    elif mark == "*":
        result = one * other
    elif mark in {"/", "\\"} and other:
        result = one / other if mark == "/" else whole[0] // (whole[1] or 1)
    elif mark in {"^", "xor"}:
        result = whole[0] ^ whole[1]
    elif mark in {"mod", "%"} and whole[1]:
        result = whole[0] % whole[1]
    elif mark == "+":
        result = one + other
    return int(result) if isinstance(result, float) and result.is_integer() else result
