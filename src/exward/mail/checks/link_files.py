"""Links that lead to a file, or hand something to a program, instead of showing a page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exward.mail.facts import Facts
from exward.mail.signs import MALWARE, Sign

TITLE = "A link fetches a locked archive or starts a program"
CLASS = MALWARE
_PACKED = frozenset({"zip", "rar", "7z", "iso", "img", "vhd", "vhdx", "cab", "ace", "arj"})
_RUNS = frozenset({"hta", "lnk", "scr", "vbs", "vbe", "wsf", "jse", "pif", "cpl", "xll", "one"})
_HANDS_OVER = re.compile(r"\s*(?:search-ms|search|ms-[a-z-]{2,30}):", re.IGNORECASE)
"""Windows gives these to programs: CVE-2022-30190 (`ms-msdt:`), searches of foreign shares
(`search-ms:`). Pages that Office opens (`ms-word:ofe|u|https:`) are no rarity on SharePoint."""
_OFFICE = re.compile(
    r"\s*ms-(?:word|excel|powerpoint|visio|project|access):of[ev]\|", re.IGNORECASE
)
_SHARE = re.compile(r"\s*(?:file:[/\\]{2,5}|\\\\)[^/\\\s;]+\.[^/\\\s;]+[/\\]\w", re.IGNORECASE)


def find(facts: Facts) -> Iterator[Sign]:
    """Look at where each link leads to by its ending and its scheme."""
    told = facts.said.get("password_given", [])
    seen: set[str] = set()
    for link in facts.links:
        ending = _ending(link.target.rest)
        if ending in _PACKED and told and "packed" not in seen:
            seen.add("packed")
            why = "The text tells the password of a file behind a link: no scanner can look inside."
            yield Sign(5.0, why, f"{link.url.text[:200]}; {'; '.join(told)}"[:300])
        elif ending in _RUNS and "runs" not in seen:
            seen.add("runs")
            yield Sign(
                5.0, f"A link leads to a file that Windows runs (.{ending}).", link.url.text[:300]
            )
    for href in facts.hrefs:
        if _HANDS_OVER.match(href) and not _OFFICE.match(href):
            yield Sign(6.0, "A link hands its target to a program of Windows.", href[:200])
            break
    for href in facts.hrefs:
        if _SHARE.match(href):
            why = (
                "A link opens a file share elsewhere, to which Windows sends the reader's sign-in."
            )
            yield Sign(5.0, why, href[:200])
            break


def _ending(rest: str) -> str:
    path = re.split(r"[?#]", rest, maxsplit=1)[0]
    return path.rpartition("/")[2].rpartition(".")[2].lower()[:10] if "." in path else ""
