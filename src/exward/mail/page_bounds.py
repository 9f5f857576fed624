"""HTML whose parsing would cost more than its length says, made flat before it is parsed.

The rules of HTML let a short text cost much: each start tag is held against all that are open, and
open formatting elements are made again in each new paragraph (HTML Standard 13.2.4.3, "Reconstruct
the active formatting elements"): 40 KB can become four million elements.
"""

from __future__ import annotations

import re

MAX_TAGS = 10_000
"""What comes behind is read without the elements that only arrange it."""
MAX_MADE_AGAIN = 250_000
"""Formatting elements times tags."""
_FORMATTING = re.compile(
    r"(</?)(b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])", re.IGNORECASE
)
_ARRANGING = re.compile(
    r"</?(?!(?:a|area|embed|form|iframe|img|input|meta|object|script|select|style|textarea|title)"
    r"[\s/>])[a-z][^<>]*>?",
    re.IGNORECASE,
)


def bounded(html: str) -> str:
    """The same text, links, forms and scripts in HTML that is cheap to parse."""
    tags = html.count("<")
    if tags > MAX_TAGS:
        place = _place_of(html, MAX_TAGS)
        html = html[:place] + _ARRANGING.sub(" ", html[place:])
    found = len(_FORMATTING.findall(html))
    if found * tags > MAX_MADE_AGAIN:
        # Under another name they are elements like any other, and keep their style.
        html = _FORMATTING.sub(r"\1x-\2", html)
    return html


def _place_of(html: str, number: int) -> int:
    """Where the tag of that number begins."""
    for count, match in enumerate(re.finditer("<", html)):
        if count == number:
            return match.start()
    return len(html)
