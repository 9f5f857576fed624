"""Attachments by what they truly are, at any depth of archives."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.mail.facts import Facts
from exward.mail.files.explode import File
from exward.mail.files.kinds import (
    ARCHIVES,
    DISK_IMAGES,
    EXECUTABLE_EXTENSIONS,
    IMAGES,
    extension,
    is_disguised,
)
from exward.mail.signs import MALWARE, Sign

TITLE = "An attachment runs code, or hides what it is"
CLASS = MALWARE
_DOUBLE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|txt|jpe?g|png|gif|zip|rtf|csv|html?|mp[34])"
    r"[ ._]{0,200}\.(\w{1,20})$",
    re.IGNORECASE,
)
_PROGRAMS = {"pe": "a Windows program", "elf": "a Linux program", "macho": "a macOS program",
             "java": "a Java program", "lnk": "a Windows shortcut", "chm": "a compiled help file",
             "shortcut": "an Internet shortcut", "onenote": "a OneNote notebook"}  # fmt: skip
_WEIGHTS = {"onenote": 4.0, "shortcut": 5.0, "elf": 4.0, "macho": 4.0}
_SVG_ACTS = re.compile(
    rb"<script|<iframe|<embed|<object|<form|http-equiv|\son\w+\s*=", re.IGNORECASE
)
"""HTML in a `foreignObject` alone is what programs that draw diagrams write for their labels."""
_DIRECTION = "\u202e"


def find(facts: Facts) -> Iterator[Sign]:
    """Judge every file on its own."""
    for file in facts.files:
        yield from _type(file)
        yield from _names(file)
        if file.is_encrypted:
            yield from _locked(facts, file)
        elif file.is_unread and file.kind in ARCHIVES:
            why = f"{file.name or file.path!r} is an archive of which not all could be read."
            yield Sign(0.0, why, file.path)
        elif file.is_unread and not file.data:
            why = f"{file.name or file.path!r} was not read: the attachments are too many or large."
            yield Sign(0.0, why, file.path)


def _type(file: File) -> Iterator[Sign]:
    where = file.name or file.path
    if file.kind in _PROGRAMS:
        why = f"{where!r} is {_PROGRAMS[file.kind]}{_inside(file)}."
        yield Sign(_WEIGHTS.get(file.kind, 10.0), why, file.path)
    elif file.kind in DISK_IMAGES:
        yield Sign(6.0, f"{where!r} is a disk image{_inside(file)}, whose files carry no warning.",
                   file.path)  # fmt: skip
    elif file.kind == "script" and extension(file.name) in EXECUTABLE_EXTENSIONS:
        yield Sign(9.0, f"{where!r} is a script that Windows runs{_inside(file)}.", file.path)
    elif file.kind == "svg" and _SVG_ACTS.search(file.data[:500_000]):
        yield Sign(5.0, f"The picture {where!r} is SVG with a script or a form in it.", file.path)
    elif file.kind == "html" and file.depth:
        yield Sign(1.5, f"{where!r} is a web page inside of an archive.", file.path)
    elif file.kind in {"arj", "ace", "cab"}:
        yield Sign(3.0, f"{where!r} is an archive of a kind that only evades scanners.", file.path)


def _inside(file: File) -> str:
    return " inside of an archive" if file.depth else ""


def _names(file: File) -> Iterator[Sign]:
    names = [*file.names, *(file.members if file.is_unread or file.is_encrypted else ())]
    for name in names[:200]:
        double = _DOUBLE.search(name)
        if double and double[1].lower() in EXECUTABLE_EXTENSIONS:
            yield Sign(6.0, f"{name!r} ends in two types, and the last one runs.", file.path)
        elif _DIRECTION in name:
            yield Sign(6.0, f"The name {name!r} turns the direction of its letters.", file.path)
        elif extension(name) in EXECUTABLE_EXTENSIONS and file.kind not in _PROGRAMS:
            yield Sign(5.0, f"{name!r} has a type that Windows runs.", file.path)
    is_picture = file.kind in IMAGES  # named as another kind of picture: programs' own doing
    if file.names and is_disguised(file.names[0], file.kind) and not is_picture:
        why = f"{file.names[0]!r} is {file.kind} by its content."
        yield Sign(3.0 if file.kind in {"html", "script", *ARCHIVES} else 1.0, why, file.path)


def _locked(facts: Facts, file: File) -> Iterator[Sign]:
    where = file.name or file.path
    told = facts.said.get("password_given", [])
    if file.password:
        why = f"{where!r} is encrypted; a password that the text tells, or a usual one, opens it."
        yield Sign(3.0, why, f"{file.path}: {file.password[:60]}")
    elif told:
        why = (
            f"{where!r} is encrypted, and the text tells the password: no scanner can look inside."
        )
        yield Sign(6.5, why, "; ".join(told))
    else:
        yield Sign(1.5, f"{where!r} is encrypted; it was not looked into.", file.path)
