"""What of a page a browser runs or fetches: its scripts, and where its forms and frames lead."""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

_MARKS = (("<%--", "--%>"), ("<%", "%>"), ("<!--", "-->"))
"""Comments of the server, its code, comments of the page."""
_SCRIPT = re.compile(r"<script\b([^<>]{0,2000})>", re.IGNORECASE)
_SCRIPT_END = re.compile(r"</script\b", re.IGNORECASE)
_AT_SERVER = re.compile(r"runat\s*=\s*[\"']?server", re.IGNORECASE)
_HANDLER = re.compile(
    r"\son[a-z]{3,20}\s*=\s*(?:\"([^\"]{0,2000})\"|'([^']{0,2000})')", re.IGNORECASE
)
_LEADS = re.compile(
    r"<(script|form|iframe|frame|input|button)\b[^<>]{0,2000}?\s(?:src|action|formaction)\s*=\s*"
    r"[\"']?\s*((?:https?:)?//[^\s\"'<>]{1,2000})",
    re.IGNORECASE,
)
PASSWORD = re.compile(r"type\s*=\s*[\"']?password", re.IGNORECASE)
_BROWSER = frozenset({"js", "mjs"})


class Script(NamedTuple):
    """Code for the browser, and the 1-based line on which it begins."""

    code: str
    line: int


class Lead(NamedTuple):
    """A tag (`script`, `form`, …) that leads to another address."""

    tag: str
    address: str
    line: int


class Markup(NamedTuple):
    """What of a page concerns the browser. `asks`: it has a field for a password."""

    scripts: tuple[Script, ...]
    leads: tuple[Lead, ...]
    asks: bool


def read(text: str, extension: str) -> Markup:
    """Take a page apart; `extension` is lower case, without a dot."""
    if extension in _BROWSER:
        return Markup((Script(_blanked(text, _MARKS[:2]), 1),), (), False)
    shown = _blanked(text, _MARKS)
    line_of = _lines(shown)
    return Markup(
        scripts=(*_scripts(shown, line_of), *_handlers(shown, line_of)),
        leads=tuple(
            Lead(found[1].lower(), html.unescape(found[2]), line_of(found.start()))
            for found in _LEADS.finditer(shown)
        ),
        asks=PASSWORD.search(shown) is not None,
    )


def _blanked(text: str, marks: Iterable[tuple[str, str]]) -> str:
    """Leave out what stands between these marks, and keep the lines."""
    for begin, end in marks:
        pieces = []
        at = 0
        while (begun := text.find(begin, at)) >= 0:
            ended = text.find(end, begun + len(begin))
            ended = len(text) if ended < 0 else ended + len(end)
            pieces += [text[at:begun], " ", "\n" * text.count("\n", begun, ended)]
            at = ended
        text = "".join([*pieces, text[at:]])
    return text


def _lines(text: str) -> Callable[[int], int]:
    """Which 1-based line an offset is on."""
    ends = [found.start() for found in re.finditer("\n", text)]
    return lambda at: bisect_left(ends, at) + 1


def _scripts(text: str, line_of: Callable[[int], int]) -> Iterator[Script]:
    at = 0
    while (begun := _SCRIPT.search(text, at)) is not None:
        end = _SCRIPT_END.search(text, begun.end())
        at = len(text) if end is None else end.end()
        if not _AT_SERVER.search(begun[1]):
            code = text[begun.end() : at if end is None else end.start()]
            yield Script(code, line_of(begun.end()))


def _handlers(text: str, line_of: Callable[[int], int]) -> Iterator[Script]:
    for found in _HANDLER.finditer(text):
        code = html.unescape(found[1] or found[2] or "")
        yield Script(code, line_of(found.start()))
