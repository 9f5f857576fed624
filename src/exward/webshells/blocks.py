"""Finds the server-side code in a page: `<% %>`, `<script runat="server">`, Razor, whole files.

The code comes as one text for each language, with as many lines as the file, so that a line of the
code is the line of the file. What ends a block becomes `BREAK`, which ends a statement and a
comment as a line feed does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice

from exward.webshells.text import BREAK
from exward.webshells.vbscript_encode import decoded

MAX_BLOCKS = 200_000
MAX_TAGS = 5_000
CSHARP, VB, JSCRIPT = "csharp", "vb", "jscript"

_RUNAT = r"\brunat\s*=\s*[\"']?server"
_IN_TAG = r"=\s*\"[^\"<]*+\"|=\s*'[^'<]*+'|[^<>]"
_TOKEN = re.compile(
    r"<%--.*?(?:--%>|\Z)"
    r"|(?P<code><%(?P<kind>\s{0,20}[@=]|[:#$!])?(?P<body>.*?)(?:%>|\Z))"
    rf"|(?P<script><script\b(?=(?:(?!{_RUNAT})(?>{_IN_TAG}))*+{_RUNAT})"
    rf"(?P<attributes>(?:{_IN_TAG})*+)>(?P<text>.*?)(?:</script|\Z))"
    # What a tag holds is looked at only: server-side code may stand in it.
    r"|(?P<tag><(?:object|asp:\w+|input|textarea)\b(?=(?P<inner>(?:<%.{0,300}?%>|[^>]){0,1000})))",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"\b([\w-]{1,40})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>%]+))")
_SERVER = re.compile(_RUNAT, re.IGNORECASE)
LANGUAGES = {
    "c#": CSHARP, "csharp": CSHARP, "cs": CSHARP, "vb": VB, "vbs": VB, "vbscript": VB,
    "visualbasic": VB, "vbscript.encode": VB, "js": JSCRIPT, "jscript": JSCRIPT,
    "javascript": JSCRIPT, "jscript.encode": JSCRIPT, "ecmascript": JSCRIPT,
}  # fmt: skip
_CURLY = re.compile(r"[;{}]\s*(?:\n|$)|\bvar\s+\w+\s*=|\busing\s+System")


@dataclass(slots=True)
class Page:
    """The server-side code of one file: language → code; `controls`: ids of input fields."""

    code: dict[str, str] = field(default_factory=dict)
    controls: set[str] = field(default_factory=set)
    objects: dict[str, str] = field(default_factory=dict)
    """Id of an <object runat=server> → its class id or program id, lower case."""


def whole(text: str, language: str) -> Page:
    """A file that is code from beginning to end."""
    return Page({language: text})


_COMPILED = re.compile(
    r"<%\s{0,20}@\s{0,20}(?:WebHandler|WebService|ServiceHost|Application)\b", re.IGNORECASE
)
_COMMENT = re.compile(r"<%--.*?(?:--%>|\Z)", re.DOTALL)
_DIRECTIVE = re.compile(r"<%\s{0,20}@")
MAX_DIRECTIVE = 10_000
MAX_DIRECTIVES = 400


def without_comments(text: str) -> str:
    """The text without server-side comments; its lines stay."""
    if "<%--" not in text:
        return text
    return _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)


def compiled(text: str) -> Page | None:
    """A handler or service: what stands behind its directive is code to the end of the file."""
    found = _COMPILED.search(text)
    first = _DIRECTIVE.search(text)
    if found is None or first is None or first.start() != found.start():
        return None
    end = text.find("%>", found.end(), found.end() + MAX_DIRECTIVE)
    if end < 0 or (_SERVER.search(text, end) and "<script" in text.lower()):
        return None
    named = _plain(_attributes(text[found.end() : end]).get("language", ""))
    code = "\n" * text.count("\n", 0, end) + text[end + 2 :]
    language = LANGUAGES.get(named) or (CSHARP if _CURLY.search(code) else VB)
    return Page({language: code})


def page(text: str, classic: bool) -> Page:
    """The code in a page. `classic`: ASP, where VBScript is what no language means."""
    return _cut(decoded(text) if "#@~^" in text else text, classic)


def _cut(text: str, classic: bool) -> Page:
    found = Page()
    pieces: dict[str, list[str]] = {}
    language = _default_language(text, classic)
    lines: dict[str, int] = {}
    at = line = tags = 0
    for token in _TOKEN.finditer(text):
        if token["tag"]:
            tags += 1
            if tags <= MAX_TAGS:
                _note_tag(found, token["inner"])
            continue
        own, code, start = _code_of(token, language)
        if not code.strip():
            continue
        out = pieces.setdefault(own, [])
        if len(out) > MAX_BLOCKS:
            break
        before = lines.get(own, 0)
        line += text.count("\n", at, start)
        at = start
        out.append("\n" * (line - before) + BREAK + code + BREAK)
        lines[own] = line + code.count("\n")
    found.code = {own: "".join(out) for own, out in pieces.items()}
    return found


def _code_of(token: re.Match[str], language: str) -> tuple[str, str, int]:
    """Language, code and where it begins; no code if the token holds none."""
    if token["code"]:
        kind, body = (token["kind"] or "").strip(), token["body"]
        if kind in {"@", "$"}:
            return language, "", 0
        if kind in {"=", ":"}:
            body = f"response.write({body})" if language == VB else f"Response.Write({body});"
        return language, body, token.start("body")
    if token["script"]:
        named = _plain(_attributes(token["attributes"]).get("language", ""))
        return LANGUAGES.get(named, language), token["text"], token.start("text")
    return language, "", 0


def _note_tag(found: Page, inner: str) -> None:
    if not _SERVER.search(inner):
        return
    attributes = _attributes(inner)
    if name := attributes.get("id", ""):
        target = attributes.get("classid") or attributes.get("progid")
        if target:
            found.objects[name.lower()] = target.lower()
        else:
            found.controls.add(name)


def _attributes(text: str) -> dict[str, str]:
    return {
        found[1].lower(): found[2] or found[3] or found[4] or ""
        for found in _ATTRIBUTE.finditer(text)
    }


def _plain(name: str) -> str:
    """A language's name without the odd quotation marks that come with copied text."""
    return re.sub(r"[^a-z#.]", "", name.lower())


def _default_language(text: str, classic: bool) -> str:
    for directive in islice(_DIRECTIVE.finditer(text), MAX_DIRECTIVES):
        end = text.find("%>", directive.end(), directive.end() + MAX_DIRECTIVE)
        named = _plain(_attributes(text[directive.end() : max(end, 0)]).get("language", ""))
        if named in LANGUAGES:
            return LANGUAGES[named]
    if classic:
        return VB
    head = text[:50_000]
    code = "\n".join(re.findall(r"<%(?![@#$-])(.{0,2000}?)%>", head, re.DOTALL)[:20])
    scripts = re.findall(r"<script[^>]{0,500}runat[^>]{0,500}>(.{0,5000})", head, re.DOTALL | re.I)
    code += "\n".join(scripts[:3])
    return CSHARP if _CURLY.search(code) else VB
