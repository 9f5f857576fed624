"""Which script files Exchange itself brings, by path: Microsoft's lists up to April 2021."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import msgspec

_LIST = files("exward") / "content" / "stock" / "exchange-web-files.json"
_PLACE = re.compile(r"/((?:frontend|clientaccess)/.{1,400})", re.DOTALL)
# The list has `{build}` for a folder that is named by a version.
_BUILD = re.compile(r"(?<=/)\d{1,3}(?:\.\d{1,5}){2,3}(?=/)")


class _Stock(msgspec.Struct, frozen=True):
    files: dict[str, object]


def place(path: str) -> str | None:
    """The path below Exchange's folder as the list writes it; None if it is not in a web root."""
    match = _PLACE.search(path.replace("\\", "/").lower())
    return None if match is None else _BUILD.sub("{build}", match[1])


def is_stock(place_of_file: str) -> bool:
    """Whether any build of the list has a file there."""
    return place_of_file in _places()


@cache
def _places() -> frozenset[str]:
    return frozenset(msgspec.json.decode(_LIST.read_bytes(), type=_Stock).files)
