"""Judges one web-served file by what its code lets a stranger do."""

from __future__ import annotations

import re
from typing import NamedTuple

from exward.webshells import appearance, blocks, directives, razor
from exward.webshells.blocks import CSHARP, VB, Page
from exward.webshells.cursor import Budget
from exward.webshells.interpreter import signs_of
from exward.webshells.objects import Known
from exward.webshells.sign import Capability, Sign
from exward.webshells.text import as_typed, text_of

MAX_INSIDE = 2
_XSLT = re.compile(
    r"<msxsl:script[^>]{0,500}language\s*=\s*[\"'](\w+)[\"'][^>]{0,500}>", re.IGNORECASE
)
MAX_BYTES = 4 * 1024 * 1024
CLASSIC = frozenset({"asp", "asa", "cer", "cdx", "inc", "config"})
WHOLE = {"cs": CSHARP, "vb": VB, "cshtml": CSHARP, "vbhtml": VB}
_WORTH = re.compile(r"<%|runat|<script|<a\b", re.IGNORECASE)
"""A page without any of these holds no code; a file of code holds none of them."""
_BEGINS_AS_PAGE = re.compile(r"\s{0,200}<%")
_ENGINES = re.compile(
    r"google|baidu|bing\b|yahoo|yandex|sogou|soso|360spider|haosou|slurp", re.IGNORECASE
)
_ASKED = re.compile(r"user_?-?agent|referr?er", re.IGNORECASE)
_VB_NET = re.compile(r"<%@[^%]{0,300}language\s*=\s*[\"']?vb\b", re.IGNORECASE)
MIN_ENGINES = 2
HEAD = 4096
_APPLICATION = re.compile(
    r"<%@\s*application\b|:\s*(?:System\.Web\.)?HttpApplication\b|inherits\s+(?:System\.Web\.)?HttpApplication",
    re.IGNORECASE,
)


class Reading(NamedTuple):
    """What was read in a file; `whole` is False if it took too much work to read all of it."""

    signs: tuple[Sign, ...]
    whole: bool


def read(data: bytes, extension: str) -> Reading:
    """What a script gives to a stranger; `extension` is lower case, without a dot."""
    budget = Budget()
    found: list[Sign] = []
    _read(as_typed(text_of(data[:MAX_BYTES])), extension, (0, budget), found)
    signs = sorted(set(found), key=lambda sign: (sign.line, sign.capability, sign.words))
    return Reading(tuple(signs), budget.left >= 0)


def _inside(text: str, extension: str, place: tuple[int, Budget]) -> list[Sign]:
    """What a page or style sheet gives that stands in a text of another."""
    depth, budget = place
    found: list[Sign] = []
    if depth >= MAX_INSIDE:
        return found
    for script in _XSLT.finditer(text):
        end = text.find("</msxsl:script>", script.end())
        if end < 0:
            break
        language = blocks.LANGUAGES.get(script[1].lower(), CSHARP)
        found += signs_of(text[script.end() : end], language, Known(budget=budget))
    _read(text, extension, (depth + 1, budget), found)
    return found


def _read(text: str, extension: str, place: tuple[int, Budget], found: list[Sign]) -> None:
    if extension not in WHOLE and not _WORTH.search(text):
        return
    page = _page(text, extension)
    known = Known(
        controls=frozenset(name.lower() for name in page.controls),
        objects=page.objects,
        inner=(lambda inner: _inside(inner, extension, place)),
        budget=place[1],
        is_net=extension not in CLASSIC and _VB_NET.search(text, 0, HEAD) is not None,
        is_set_up=extension in {"cs", "vb"} or _APPLICATION.search(text, 0, HEAD) is not None,
        code="\n".join(page.code.values()),
    )
    found += appearance.signs(text, page)
    found += directives.signs(text)
    for language, code in page.code.items():
        found += signs_of(code, language, known)
    found += _for_search_engines(text, found)


def _page(text: str, extension: str) -> Page:
    if extension in WHOLE and not _BEGINS_AS_PAGE.match(text):
        code = razor.code_of(text) if extension == "cshtml" else text
        return blocks.whole(code, WHOLE[extension])
    text = blocks.without_comments(text)
    handler = blocks.compiled(text)
    return handler or blocks.page(text, classic=extension in CLASSIC)


def _for_search_engines(text: str, found: list[Sign]) -> list[Sign]:
    """A page that looks whether a search engine asks, and shows what another server sends."""
    shown = [sign for sign in found if sign.capability is Capability.SERVE_FOREIGN]
    if not shown or not _ASKED.search(text):
        return []
    if len({engine.lower() for engine in _ENGINES.findall(text)}) < MIN_ENGINES:
        return []
    words = "shows what another server sends to those who come from search engines"
    return [Sign(Capability.SERVE_FOREIGN, shown[0].line, words)]
