"""HTML as its reader sees it: text, links with what they show, forms, scripts, what is hidden."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from exward.mail.page_bounds import bounded

MAX_HTML = 1024 * 1024
MAX_LINKS = 1000
MAX_TEXT = 200_000
MAX_SCRIPT = 500_000
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*[01](?:px|pt|em|%|;|\"|$)|"
    r"opacity\s*:\s*0(?:;|\"|$)|mso-hide\s*:\s*all|max-height\s*:\s*0",
    re.IGNORECASE,
)
_REFRESH = re.compile(r"url\s*=\s*['\"]?\s*([^'\"\s>]+)", re.IGNORECASE)
_NOT_SHOWN = "style, script, head > title, noscript, template"
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Link:
    """A place that HTML leads to: the address, what stands for it, and the kind of element."""

    href: str
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Form:
    """A form; `asks` are the types and names of its fields, lower case."""

    action: str
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What one HTML text holds."""

    text: str
    title: str
    links: tuple[Link, ...]
    forms: tuple[Form, ...]
    scripts: tuple[str, ...]
    images: tuple[str, ...]
    hidden: str
    tags: int
    is_cut: bool


def read_page(html: str) -> Page:
    """Read HTML; never raises, whatever the text is."""
    tree = LexborHTMLParser(bounded(html[:MAX_HTML]))
    title = tree.css_first("title")
    scripts = _scripts(tree)
    links = _links(tree)
    forms = tuple(_form(node) for node in tree.css("form")[:50])
    loose = _asks(tree.css("input"))
    if loose and not forms:
        forms = (Form("", loose),)
    images = tuple(_attribute(node, "src") for node in tree.css("img")[:MAX_LINKS])
    tags = len(tree.css("*")) if len(html) < MAX_HTML else MAX_LINKS
    shown_title = _squeeze(title.text()) if title else ""
    hidden = _hidden(tree)
    for node in tree.css(_NOT_SHOWN):
        node.decompose()
    body = tree.body or tree.root
    text = _squeeze(body.text(separator=" ")) if body else ""
    return Page(text, shown_title, links, forms, scripts, images, hidden, tags,
                len(html) > MAX_HTML)  # fmt: skip


def _attribute(node: LexborNode, name: str) -> str:
    return (node.attributes.get(name) or "").strip()[:MAX_SCRIPT]


def _squeeze(text: str) -> str:
    return _BLANKS.sub(" ", text[: 4 * MAX_TEXT]).strip()[:MAX_TEXT]


def _links(tree: LexborHTMLParser) -> tuple[Link, ...]:
    found = []
    for node in tree.css("a[href], area[href]")[:MAX_LINKS]:
        shown = _squeeze(node.text(separator=" "))[:500]
        pictures = node.css("img")
        if not shown and pictures:
            shown = _attribute(pictures[0], "alt")[:500]
        kind = "image" if pictures and not shown else (node.tag or "a")
        found.append(Link(_attribute(node, "href")[:4000], shown, kind))
    for node in tree.css("iframe[src], embed[src], object[data]")[:50]:
        where = _attribute(node, "src") or _attribute(node, "data")
        found.append(Link(where[:4000], "", node.tag or ""))
    for node in tree.css("meta[http-equiv]")[:20]:
        match = _REFRESH.search(_attribute(node, "content")[:4000])
        if match:
            found.append(Link(match[1], "", "refresh"))
    return tuple(found)


def _scripts(tree: LexborHTMLParser) -> tuple[str, ...]:
    found = [
        (_attribute(node, "src") or node.text(deep=True) or "")[:MAX_SCRIPT]
        for node in tree.css("script")[:100]
    ]
    for node in tree.css("[onload], [onerror], [onclick], [onmouseover]")[:50]:
        found.extend(value for name, value in node.attributes.items() if name[:2] == "on" and value)
    return tuple(one for one in found if one.strip())


def _form(node: LexborNode) -> Form:
    return Form(_attribute(node, "action")[:4000], _asks(node.css("input, textarea, select")))


def _asks(fields: list[LexborNode]) -> tuple[str, ...]:
    asked = []
    for one in fields[:100]:
        parts = [_attribute(one, name)[:100] for name in ("type", "name", "placeholder", "id")]
        asked.append(" ".join(filter(None, parts)).lower())
    return tuple(one for one in asked if one and not one.startswith("hidden"))


def _hidden(tree: LexborHTMLParser) -> str:
    found = []
    for node in tree.css("[style]")[:3000]:
        if _HIDDEN.search(_attribute(node, "style")[:500]):
            found.append(_squeeze(node.text(separator=" "))[:2000])
            if len(found) >= 50:
                break
    return " ".join(one for one in found if one)[:20_000]
