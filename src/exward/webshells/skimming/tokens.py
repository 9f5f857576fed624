"""Cuts the script of a web page into tokens, with what hides words undone.

Escapes in texts are resolved, texts put together with `+` are one text, `atob` and
`String.fromCharCode` of constants are what they give, and `x["name"]` is `x.name`. Source of the
lexical rules: ECMA-262, "ECMAScript Language: Lexical Grammar".
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

MAX_TOKENS = 200_000
MAX_JOINED = 10_000
"""Characters of a text that is still added to."""
MAX_TEMPLATE_DEPTH = 3


class Kind(Enum):
    """What a token is. A regular expression and a number are signs without meaning here."""

    NAME = 1
    TEXT = 2
    SIGN = 3


class Token(NamedTuple):
    """A name, the value of a text, or a sign; `breaks`: a line ends before it."""

    kind: Kind
    value: str
    line: int
    breaks: bool = False


_TOKEN = re.compile(
    r"(?P<skip>[^\S\n]+|//[^\n]*|<!--[^\n]*)"
    r"|(?P<end>\n)"
    r"|(?P<name>[A-Za-z_$][\w$]*)"
    r"|(?P<number>0[xX][0-9a-fA-F]+|\d[\d.]*(?:e[+-]?\d+)?)"
    r"|\"(?P<double>[^\"\\\n]*(?:\\[\s\S][^\"\\\n]*)*)\""
    r"|'(?P<single>[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*)'"
    r"|`(?P<template>[^`\\]*(?:\\[\s\S][^`\\]*)*)`"
    r"|(?P<sign>=>|[=!]==?|[<>]=|\+=|\+\+|--|&&|\|\||\?\?|.)",
    re.DOTALL,
)
_EXPRESSION = re.compile(r"/(?![*/])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.){0,500}\]){1,2000}/[a-z]*")
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u\{?([0-9a-fA-F]{4,6})\}?|(\n|[\s\S]))")
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
_INSERTED = re.compile(r"\$\{([^{}]*)\}")
_BEFORE_EXPRESSION = frozenset("(,=:[!&|?{};+-*%~<>") | {"==", "===", "!=", "!==", "&&", "||", "=>"}
_WORDS_BEFORE = frozenset({"return", "typeof", "case", "in", "of", "delete", "void", "throw"})
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
MAX_CODES = 20_000


def tokens(code: str, line: int = 1) -> list[Token]:
    """The tokens of a script that begins on `line`; no more than `MAX_TOKENS`. Never raises."""
    return list(_simplified(_cut(code, line, MAX_TEMPLATE_DEPTH)))


def _cut(code: str, line: int, depth: int) -> list[Token]:
    found: list[Token] = []
    at, breaks = 0, False
    while at < len(code) and len(found) < MAX_TOKENS:
        if code.startswith("/*", at):
            end = code.find("*/", at + 2)
            end = len(code) if end < 0 else end + 2
            skipped = code.count("\n", at, end)
            line, at, breaks = line + skipped, end, breaks or skipped > 0
            continue
        match = _expression(code, at, found) or _TOKEN.match(code, at)
        if match is None:
            break
        kind, at = match.lastgroup, match.end()
        if kind in {"skip", "end"}:
            breaks = breaks or "\n" in match[0]
        else:
            found += _token(match, (line, breaks), depth)
            breaks = False
        line += match[0].count("\n")
    return found


def _expression(code: str, at: int, before: list[Token]) -> re.Match[str] | None:
    """A regular expression, where one can stand."""
    if code[at] != "/":
        return None
    last = before[-1] if before else Token(Kind.SIGN, ";", 0)
    values = _BEFORE_EXPRESSION if last.kind is Kind.SIGN else _WORDS_BEFORE
    allowed = last.value in values and last.kind is not Kind.TEXT
    return _EXPRESSION.match(code, at) if allowed else None


def _token(match: re.Match[str], place: tuple[int, bool], depth: int) -> list[Token]:
    line, breaks = place
    kind = match.lastgroup
    if kind == "template":
        return _template(match["template"], place, depth)
    if kind in {"double", "single"}:
        return [Token(Kind.TEXT, _unescaped(match[kind]), line, breaks)]
    if kind == "name":
        return [Token(Kind.NAME, match[0], line, breaks)]
    return [Token(Kind.SIGN, match[0] if kind else "/ /", line, breaks)]


def _template(text: str, place: tuple[int, bool], depth: int) -> list[Token]:
    """A text with expressions in it is texts and expressions, added up."""
    line, breaks = place
    made: list[Token] = []
    at = 0
    for inserted in _INSERTED.finditer(text) if depth else ():
        made.append(Token(Kind.TEXT, _unescaped(text[at : inserted.start()]), line))
        made.append(Token(Kind.SIGN, "+", line))
        made += _cut(inserted[1], line, depth - 1)
        made.append(Token(Kind.SIGN, "+", line))
        at = inserted.end()
    made.append(Token(Kind.TEXT, _unescaped(text[at:]), line))
    return [made[0]._replace(breaks=breaks), *made[1:]]


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(found: re.Match[str]) -> str:
    number = found[1] or found[2]
    if number:
        code = int(number, 16)
        return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd"
    return _CONTROLS.get(found[3], found[3])


def _simplified(cut: list[Token]) -> Iterator[Token]:
    """Constants computed, texts joined, names in brackets as names."""
    done: list[Token] = []
    for token in _computed(cut):
        done.append(token)
        _join(done)
        if token.value == "]":
            _as_member(done)
    return iter(done)


def _join(done: list[Token]) -> None:
    if len(done) < 3 or done[-1].kind is not Kind.TEXT or done[-3].kind is not Kind.TEXT:
        return
    if done[-2][:2] == (Kind.SIGN, "+") and len(done[-3].value) < MAX_JOINED:
        whole = done[-3]._replace(value=done[-3].value + done[-1].value)
        done[-3:] = [whole]


def _as_member(done: list[Token]) -> None:
    if len(done) < 4 or done[-2].kind is not Kind.TEXT or done[-3].value != "[":
        return
    holder = done[-4]
    named = holder.kind is Kind.NAME or (holder.kind is Kind.SIGN and holder.value in ")]")
    if named and holder.value not in _WORDS_BEFORE and _NAME.fullmatch(done[-2].value):
        done[-3:] = [Token(Kind.SIGN, ".", holder.line), done[-2]._replace(kind=Kind.NAME)]


def _computed(cut: list[Token]) -> Iterator[Token]:
    at = 0
    while at < len(cut):
        made = _call(cut, at)
        if made is None:
            yield cut[at]
            at += 1
        else:
            token, at = made
            yield token


def _call(cut: list[Token], at: int) -> tuple[Token, int] | None:
    """What a call gives whose arguments are constants, and where it ends."""
    token = cut[at]
    opened = at + 1 < len(cut) and cut[at + 1].value == "("
    if token.kind is not Kind.NAME or not opened:
        return None
    if token.value == "atob" and _closes(cut, at + 3) and cut[at + 2].kind is Kind.TEXT:
        return token._replace(kind=Kind.TEXT, value=_decoded(cut[at + 2].value)), at + 4
    if token.value == "fromCharCode":
        return _characters(cut, at)
    return None


def _closes(cut: list[Token], at: int) -> bool:
    return at < len(cut) and cut[at].value == ")"


def _characters(cut: list[Token], at: int) -> tuple[Token, int] | None:
    """`String.fromCharCode(104, 116)`; the words before it stay, which does no harm."""
    text = ""
    end = at + 2
    while end < len(cut) and len(text) < MAX_CODES:
        value = cut[end].value
        if value == ")":
            return (cut[at]._replace(kind=Kind.TEXT, value=text), end + 1) if text else None
        if value != ",":
            if not value.isdecimal() or len(value) > 7 or int(value) > 0x10FFFF:
                return None
            text += chr(int(value))
        end += 1
    return None


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text + "==", validate=False).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""
