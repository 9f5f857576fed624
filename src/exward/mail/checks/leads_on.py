"""Attached pages and pictures that are only there to lead to another address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.mail.facts import Facts
from exward.mail.pages import Page
from exward.mail.signs import PHISHING, Sign

TITLE = "An attached page or picture is only there to lead on"
CLASS = PHISHING
MAX_SHOWN = 400
"""Characters that a page may show: one that shows more is there to be read."""
MAX_SVG = 500_000
_LEAVES = re.compile(
    r"\blocation(?:\.href)?\s*=(?!=)|\blocation\.(?:replace|assign)\s*\(|\bopen\s*\("
)
_SVG_LINK = re.compile(
    rb"<a\b[^>]{0,1000}?href\s*=\s*[\"']\s*(https?:[^\"'>]{1,1000})", re.IGNORECASE
)
_EDITORS = re.compile(
    r"https?://(?:[\w-]+\.)*(?:drawio\.com|diagrams\.net|inkscape\.org|w3\.org)(?:[/?#]|$)"
)
"""Programs that draw put links to their own help into every picture."""


def find(facts: Facts) -> Iterator[Sign]:
    """Look at each attached page, and at the links of SVG pictures."""
    for name, page in facts.attached_pages:
        where = _leaves_for(page)
        if where and len(page.text) < MAX_SHOWN:
            why = f"The attached page {name!r} leads on as soon as it is opened."
            yield Sign(4.0, why, where[:200])
            break
    for file in facts.files:
        if file.kind != "svg":
            continue
        found = [match[1].decode("utf-8", "replace")
                 for match in _SVG_LINK.finditer(file.data[:MAX_SVG])]  # fmt: skip
        foreign = [one for one in found if not _EDITORS.match(one)]
        if foreign:
            why = f"The attached picture {file.name or file.path!r} is a link (SVG)."
            yield Sign(5.0, why, foreign[0][:200])
            break


def _leaves_for(page: Page) -> str:
    refresh = [link.href for link in page.links if link.kind == "refresh"]
    scripts = [one for one in page.scripts if _LEAVES.search(one)]
    return next(iter([*refresh, *scripts]), "")
