"""Judges one web-served file by what its code lets a stranger do."""

from __future__ import annotations

import re
from typing import NamedTuple

from exward.webshells import blocks
from exward.webshells.blocks import CSHARP, VB, Page
from exward.webshells.cursor import Budget
from exward.webshells.interpreter import signs_of
from exward.webshells.objects import Known, kinds_of_com
from exward.webshells.sign import Capability, Sign
from exward.webshells.text import text_of

MAX_INSIDE = 2
_XSLT = re.compile(
    r"<msxsl:script[^>]{0,500}language\s*=\s*[\"'](\w+)[\"'][^>]{0,500}>", re.IGNORECASE
)
MAX_BYTES = 4 * 1024 * 1024
CLASSIC = frozenset({"asp", "asa", "cer", "cdx", "inc", "config"})
WHOLE = {"cs": CSHARP, "vb": VB, "cshtml": CSHARP, "vbhtml": VB}
_WORTH = re.compile(
    r"eval|exec|<object|process|load|shell|createobject|compile|invoke|deserial|script|write|save|stream"
    r"|socket|webrequest|virtualalloc|\\u00|chr\(|&#|activator|register|xslt|#@~\^|ManagementClass",
    re.IGNORECASE,
)
_ENGINES = re.compile(
    r"google|baidu|bing\b|yahoo|yandex|sogou|soso|360spider|haosou|slurp", re.IGNORECASE
)
MIN_ENGINES = 2
HEAD = 4096
_APPLICATION = re.compile(r"<%@\s*application\b", re.IGNORECASE)
_CHECKS_NAMES = re.compile(
    r"getextension|extension\b|fileext|allow|\.(?:jpe?g|gif|png|doc|pdf|zip)\b", re.IGNORECASE
)
_DIRECTORY = re.compile(r"^[ \t\"]*(?:ExternalUrl|InternalUrl)\"?\s*[:=,]", re.MULTILINE | re.I)
_OTHER_TYPES = ("GIF8", "\x89PNG", "\xff\xd8\xff", "!BDN", "%PDF-", "PK\x03\x04")
"""How images, mail stores, PDF files and archives begin."""
_SHELLCODE = ("virtualalloc", "virtualallocex", "virtualprotect")
_THREADS = (
    "createthread",
    "createremotethread",
    "queueuserapc",
    "createfiber",
    "enumsystemlocales",
)


class Reading(NamedTuple):
    """What was read in a file; `whole` is False if it took too much work to read all of it."""

    signs: tuple[Sign, ...]
    whole: bool


def read(data: bytes, extension: str) -> Reading:
    """What a script gives to a stranger; `extension` is lower case, without a dot."""
    budget = Budget()
    found: list[Sign] = []
    _read(text_of(data[:MAX_BYTES]), extension, (0, budget), found)
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
    if not _WORTH.search(text) and not text.startswith(_OTHER_TYPES):
        return
    page = _page(text, extension)
    known = Known(
        controls=frozenset(name.lower() for name in page.controls),
        objects=page.objects,
        inner=(lambda inner: _inside(inner, extension, place)),
        budget=place[1],
        is_application=_APPLICATION.search(text, 0, HEAD) is not None,
        checks_names=_CHECKS_NAMES.search(text) is not None,
    )
    found += _structural(text, page)
    for language, code in page.code.items():
        found += signs_of(code, language, known)
    found += _for_search_engines(text, found)


def _page(text: str, extension: str) -> Page:
    if extension in WHOLE and "<%" not in text:
        return blocks.whole(text, WHOLE[extension])
    handler = blocks.compiled(text)
    return handler or blocks.page(text, classic=extension in CLASSIC)


def _for_search_engines(text: str, found: list[Sign]) -> list[Sign]:
    """A page that looks whether a search engine asks, and shows what another server sends."""
    shown = [sign for sign in found if sign.capability is Capability.SERVE_FOREIGN]
    engines = {engine.lower() for engine in _ENGINES.findall(text)}
    if not shown or len(engines) < MIN_ENGINES or "agent" not in text.lower():
        return []
    words = "shows search engines what another server sends"
    return [Sign(Capability.SERVE_FOREIGN, shown[0].line, words)]


def _structural(text: str, page: Page) -> list[Sign]:
    """What is told by the file as a whole."""
    code = "\n".join(page.code.values()).lower()
    found = []
    if any(word in code for word in _SHELLCODE) and (
        any(word in code for word in _THREADS) or "marshal.copy" in code
    ):
        found.append(Sign(Capability.RUN_SHELLCODE, 1, "puts machine code into memory and runs it"))
    if any("shell" in kinds_of_com(named) for named in page.objects.values()):
        words = "has a command shell at hand, under its class id"
        found.append(Sign(Capability.RUN_COMMANDS, 1, words))
    if "receiveall" in code and "sockettype.raw" in code:
        found.append(Sign(Capability.STEAL_PASSWORDS, 1, "listens to what passes on the network"))
    if page.code and text.startswith(_OTHER_TYPES):
        words = "holds server-side code in a file that begins as one of another type"
        found.append(Sign(Capability.RUN_CODE, 1, words))
    dump = _DIRECTORY.search(text)
    if dump and page.code and "DistinguishedName" in text:
        line = text.count("\n", 0, dump.start()) + 1
        words = "is an export of a virtual directory with server-side code in its address"
        found.append(Sign(Capability.RUN_CODE, line, words))
    return found
