"""The web files of a scan, as the workers hand them over."""

from __future__ import annotations

import html
import re

import msgspec

from exward.webshells.belonging.baseline import baseline
from exward.webshells.belonging.owners import NOT_KNOWN, Owner
from exward.webshells.belonging.places import place_of

COMPILED = "compiled"
_STOCK_SCRIPTS = frozenset({"js", "htm"})
"""Kinds that the baseline lists, but that no web server runs."""
_COMPILER_FOLDER = re.compile(r"(?:^|[/\\])temporary asp\.net files[/\\]")
_VIRTUAL = re.compile(rb"""<preserve\s[^>]{0,2000}?virtualPath=["']([^"'<>]{1,512})["']""")
MAX_LEFTOVER_BYTES = 64 * 1024


class WebFile(msgspec.Struct, frozen=True):
    """One web file. Times: µs since 1970-01-01 UTC, None where the evidence says nothing.

    `virtual_path` is "" but for what ASP.NET left behind when it compiled a page: the page's URL
    path. `is_stock`: any build has just this file at just this path.
    """

    path: str
    sha256: str
    modified: int | None
    is_stock: bool = False
    virtual_path: str = ""
    created: int | None = None
    owner: Owner = NOT_KNOWN


def is_listed_script(path: str, extension: str) -> bool:
    """Whether a script for browsers is one that the baseline can judge."""
    if extension not in _STOCK_SCRIPTS:
        return False
    place = place_of(path)
    return place is not None and place.is_exchange and place.stock_path in baseline().files


def is_leftover(path: str) -> bool:
    """Whether a file is a note of ASP.NET on a page that it compiled."""
    text = path.rpartition("!")[2].lower()
    return text.endswith(f".{COMPILED}") and _COMPILER_FOLDER.search(text) is not None


def is_stock(path: str, sha256: str) -> bool:
    """Whether any build of Exchange has this file at this path: its code needs no reading."""
    place = place_of(path)
    return (
        place is not None and place.is_exchange and baseline().knows(place.stock_path, sha256)
    )  # fmt: skip


def virtual_path(data: bytes) -> str:
    """The URL path of the page that a `.compiled` file is about, in lower case; "" if none.

    Source: the files that ASP.NET 4 writes, `<preserve resultType="3" virtualPath="..." ...>`.
    """
    found = _VIRTUAL.search(data[:MAX_LEFTOVER_BYTES])
    return html.unescape(found[1].decode("utf-8", "replace")).lower() if found else ""
