"""Cuts server-side code into tokens: C# and JScript alike, and the Basics."""

from __future__ import annotations

import re
from typing import NamedTuple

from exward.webshells.blocks import JSCRIPT, VB
from exward.webshells.text import BREAK

NAME, TEXT, NUMBER, MARK, END = "name", "text", "number", "mark", "end"
APART = " ."
"""A dot of Basic with a blank before it: in `With`, it begins a member of that object."""
MAX_TOKENS = 400_000
MAX_DIGITS = 300


class Token(NamedTuple):
    """`text` of a text is its value; a name is as written. `line` is 1-based."""

    kind: str
    text: str
    line: int
    word: str = ""
    """A name in lower case; "" for what is none."""


_HOLE = r"\{(?:[^{}\"]|\"(?:\\.|[^\"\\\n])*+\"|\{[^{}]*+\})*+\}"
"""`{…}` in an interpolated text: code, in which texts and another pair of brackets may stand."""
_HOLED = rf"(?:\"\"|\{{\{{|\}}\}}|{_HOLE}|[^\"{{}}\x01])*+\""
"""What stands behind the first quotation mark of `$@"…"`, and in Basic of `$"…"`."""
# Blanks stand in front of each token, so that they cost no match of their own.
_CURLY = re.compile(
    r"[ \t\r\n\f\v]*+(?:(?P<skip>//[^\n\x01]*|/\*.*?(?:\*/|\Z)"
    r"|\#(?:pragma|region|endregion|nullable|line)\b[^\n\x01]*)"
    r"|(?P<long>\"\"\"(?:.*?)\"\"\")"
    rf"|(?P<holed>\$\"(?:\\.|\{{\{{|\}}\}}|{_HOLE}|[^\"\\\n{{}}])*+\"|(?:\$@|@\$)\"{_HOLED})"
    r"|(?P<raw>\$?@\$?\"(?:[^\"]|\"\")*\")"
    r"|(?P<text>\$?\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?)"
    r"|(?P<number>0[xX][0-9a-fA-F]+|\d+(?:\.\d+)?)"
    r"|(?P<name>@?(?:[A-Za-z_$\u0080-\U0010ffff]|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8})"
    r"(?:[\w$\u0080-\U0010ffff]|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8})*)"
    r"|(?P<mark>=>|[=!<>]=|\^=|\+=|-=|&&|\|\||\?\?|\?\.|\+\+|--|.)|\Z)",
    re.DOTALL,
)
_BASIC = re.compile(
    r"[ \t\r\f\v]*+(?:(?P<skip>'[^\n\x01]*|\brem\b[^\n\x01]*|_[ \t]*\r?\n)"
    rf"|(?P<holed>\$\"{_HOLED})"
    r"|(?P<raw>\$?[\"\u201c\u201d](?:[^\"\u201c\u201d\n\x01]|\"\")*[\"\u201c\u201d]?)"
    r"|(?P<number>&[hH][0-9a-fA-F]+&?|&[oO][0-7]+&?|\d+(?:\.\d+)?)"
    r"|(?P<name>[A-Za-z_\u0080-\U0010ffff][\w\u0080-\U0010ffff]*|\[[A-Za-z_]\w*\])"
    r"|(?P<end>[\n:\x01]+)"
    r"|(?P<mark><>|<=|>=|&=|\+=|:=|.)|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_REGEX = re.compile(
    r"\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?|//[^\n]*|/\*.*?(?:\*/|\Z)"
    r"|(?P<before>(?:[=(,:?!&|;{}\[+]|\breturn)\s{0,100})"
    r"(?P<regex>/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n]){0,99}\]|[^/\\\n\[]){1,499}/[gimsuy]{0,5})",
    re.DOTALL,
)
_PARTS = re.compile(rf"(\{{\{{|\}}\}}|{_HOLE})")
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_ESCAPE = re.compile(
    r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|u\{[0-9a-fA-F]{1,8}\}|x[0-9a-fA-F]{1,4}|[0-7]{1,3}|.)",
    re.DOTALL,
)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "b": "\b", "f": "\f", "v": "\v"}


def tokens(code: str, language: str) -> list[Token]:
    """The tokens of the code, at most `MAX_TOKENS`."""
    if language == JSCRIPT:
        code = _REGEX.sub(_without_regex, code)
    breaks = [found.start() for found in re.finditer("\n", code)] + [len(code)]
    line = 1
    out: list[Token] = []
    for found in (_BASIC if language == VB else _CURLY).finditer(code):
        kind = found.lastgroup
        if kind is None or kind == "skip":
            continue
        text, start = found[kind], found.start(kind)
        while breaks[line - 1] < start:
            line += 1
        if kind == "mark" and text != BREAK:
            if text == "." and language == VB and found.start() < start:
                text = APART
            out.append(Token(MARK, text, line))
        elif kind == "name":
            out.append(_name(text, line))
        else:
            out += _others(kind, text, line, language)
        if len(out) >= MAX_TOKENS:
            break
    return out


def _without_regex(found: re.Match[str]) -> str:
    """`/…/` of JScript as a text of the same length: quotation marks in it begin nothing."""
    if found["regex"] is None:
        return found[0]
    return f'{found["before"]}"{"." * (len(found["regex"]) - 2)}"'


def _name(text: str, line: int) -> Token:
    if text[0] in "@[" or "\\" in text:
        text = unescaped(text).strip("[]").removeprefix("@")
    return Token(NAME, text, line, text.lower())


def _others(kind: str, text: str, line: int, language: str) -> list[Token]:
    if kind == "holed" and "{" in text:
        return _interpolated(text, line, language)
    if kind == "holed":
        kind = "raw" if language == VB or "@" in text[:2] else "text"
    return [_token(kind, text, line, language)]


def _token(kind: str, text: str, line: int, language: str) -> Token:
    if kind == "raw":
        if language == VB:
            text = text.removeprefix("$")
            inner = text[1:-1] if len(text) > 1 and text[-1] in '"\u201c\u201d' else text[1:]
        else:
            inner = text[text.index('"') + 1 : -1]
        return Token(TEXT, inner.replace('""', '"'), line)
    if kind == "long":
        return Token(TEXT, text[3:-3], line)
    if kind == "text":
        inner = text.removeprefix("$")
        inner = inner[1:-1] if len(inner) > 1 and inner[-1] == inner[0] else inner[1:]
        return Token(TEXT, unescaped(inner), line)
    if kind == "number":
        return Token(NUMBER, str(_number(text)), line)
    return Token(END if language == VB else MARK, "\n" if language == VB else ";", line)


def _interpolated(text: str, line: int, language: str) -> list[Token]:
    """`$"a{b}c"` as the sum that it is."""
    is_raw = language == VB or "@" in text[:2]
    plus = Token(MARK, "&" if language == VB else "+", line)
    out = [Token(MARK, "(", line)]
    for part in _PARTS.split(text[text.index('"') + 1 : -1]):
        if len(out) > 1:
            out.append(plus)
        if part in {"{{", "}}"}:
            out.append(Token(TEXT, part[0], line))
        elif part.startswith("{"):
            out.append(Token(MARK, "(", line))
            out += [one._replace(line=line) for one in _shown(tokens(part[1:-1], language))]
            out.append(Token(MARK, ")", line))
        else:
            plain = part.replace('""', '"') if is_raw else unescaped(part)
            out.append(Token(TEXT, plain, line))
    return [*out, Token(MARK, ")", line)]


def _shown(code: list[Token]) -> list[Token]:
    """The code in `{…}` without its width and format, `{value,10:x}`."""
    depth = 0
    for index, token in enumerate(code):
        if token.kind in {MARK, END}:
            depth += (token.text in _OPENING) - (token.text in _CLOSING)
            if depth == 0 and token.text in {",", ":", "\n"}:
                return code[:index]
    return code


def unescaped(text: str) -> str:
    r"""Escapes of C# and JScript (`\u0065`, `\x65`, `\145`, `\n`) as what they stand for."""
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(found: re.Match[str]) -> str:
    code = found[1]
    if code[0] in "uUx" and len(code) > 1:
        value = int(code[1:].strip("{}"), 16)
        return chr(value) if value < 0x110000 else "?"
    if code.isdigit() and code != "0":
        return chr(int(code, 8)) if all(digit in "01234567" for digit in code) else code
    return _SIMPLE.get(code, code)


def _number(text: str) -> float | int:
    if text[:2].lower() in {"0x", "&h"}:
        return int(text[2:].rstrip("&")[:MAX_DIGITS], 16)
    if text[:2].lower() == "&o":
        return int(text[2:].rstrip("&")[:MAX_DIGITS], 8)
    return float(text) if "." in text or len(text) > MAX_DIGITS else int(text)
