"""Own names that code gives to types and to functions of Windows, undone.

`using P = System.Diagnostics.Process;`, `Imports P = …`, `[DllImport("kernel32",
EntryPoint="WinExec")] static extern int Q(…)`, `Declare Function Q Lib "kernel32" Alias "WinExec"`:
everywhere else, but for members behind a dot, the name that it stands for is read.
"""

from __future__ import annotations

from collections.abc import Iterator

from exward.webshells.lexer import MARK, NAME, TEXT, Token

MAX_TARGET = 20
"""Tokens of a dotted name."""
MAX_OPENED = 10
MAX_ATTRIBUTE = 60
"""Tokens from the name of an entry point to that of the function."""


def without_aliases(tokens: list[Token]) -> list[Token]:
    """The tokens with each alias replaced by the last part of the name that it stands for."""
    names: dict[str, str] = {}
    for at, token in enumerate(tokens):
        if token.word in _NOTED:
            _NOTED[token.word](tokens, at, names)
    return list(_meant(tokens, names)) if names else tokens


def opened_types(tokens: list[Token]) -> tuple[str, ...]:
    """Types whose static methods are called by their names alone: `using static A.B;`."""
    found: list[str] = []
    for at, token in enumerate(tokens):
        if token.word == "using" and at + 1 < len(tokens) and tokens[at + 1].word == "static":
            last = ""
            for part in tokens[at + 2 : at + 2 + MAX_TARGET]:
                if part.kind != NAME and part.text != ".":
                    break
                last = part.word or last
            found.append(last)
    return tuple(found[:MAX_OPENED])


def _meant(tokens: list[Token], names: dict[str, str]) -> Iterator[Token]:
    """A name behind a dot is a member's, and stays what it is."""
    before = ""
    for token in tokens:
        name = names.get(token.word) if before != "." else None
        yield token if name is None else token._replace(text=name, word=name.lower())
        before = token.text


def _note_type(tokens: list[Token], at: int, names: dict[str, str]) -> None:
    """`using A = B.C;`"""
    following = tokens[at + 1 : at + 3]
    if len(following) < 2 or following[0].kind != NAME or following[1].text != "=":
        return
    last = ""
    for token in tokens[at + 3 : at + 3 + MAX_TARGET]:
        if token.kind != NAME and token.text not in {".", ":"}:
            break
        last = token.text if token.kind == NAME else last
    if last:
        names[following[0].word] = last


def _note_entry(tokens: list[Token], at: int, names: dict[str, str]) -> None:
    """`EntryPoint = "B")] static extern int A(`"""
    target = next((token for token in tokens[at + 1 : at + 4] if token.kind == TEXT), None)
    behind = tokens[at : at + MAX_ATTRIBUTE]
    if target is None or not any(token.word == "extern" for token in behind):
        return
    end = next(
        (place for place, token in enumerate(behind) if token.text in {"]", ">"}), len(behind)
    )
    for before, token in zip(behind[end:], behind[end + 1 :], strict=False):
        if token.kind == MARK and token.text == "(" and before.kind == NAME:
            names[before.word] = target.text
            return


def _note_declared(tokens: list[Token], at: int, names: dict[str, str]) -> None:
    """`Declare Function A Lib "kernel32" Alias "B"`"""
    before = [token.word for token in tokens[max(at - 8, 0) : at]]
    if "declare" not in before or "lib" not in before or at + 1 >= len(tokens):
        return
    name, target = before[before.index("lib") - 1], tokens[at + 1]
    if name and target.kind == TEXT:
        names[name] = target.text


_NOTED = {
    "using": _note_type, "imports": _note_type, "entrypoint": _note_entry,
    "alias": _note_declared,
}  # fmt: skip
