"""Where a file lies on a web server, told from its path in the evidence."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from exward.webshells.belonging.folders import folders

FRONT_END = "frontend/httpproxy"
BACK_END = "clientaccess"
ASPNET_CLIENT = "inetpub/wwwroot/aspnet_client/"
_SEPARATORS = re.compile(r"[/\\]+")
_SITE = re.compile(r"(?:^|.*?[/!])(?=inetpub/wwwroot/)", re.DOTALL)
_VERSION = re.compile(r"/(15\.\d{1,2}\.\d{1,5}(?:\.\d{1,5})?|current|version)(?=/)")


class Place(NamedTuple):
    """A file below a folder that is served.

    `root`: the folder in which Exchange is installed, or the volume of `inetpub`, in lower case,
    with its last separator; `path`: from there on; `is_exchange`: whether it is Exchange's.
    """

    root: str
    path: str
    is_exchange: bool

    @property
    def stock_path(self) -> str:
        """The path as the baseline writes it."""
        return as_listed(self.path)

    @property
    def build(self) -> str:
        """The version that a folder around the file is named by; "" if none is."""
        found = _VERSION.search(self.path)
        return found[1] if found and found[1][0].isdigit() else ""

    @property
    def url(self) -> str:
        """The path of its URL: front end and back end serve their folders under the same names."""
        if self.path.startswith(f"{BACK_END}/"):
            return self.path.removeprefix(BACK_END).removeprefix("/exchweb")
        return "/" + self.path.split("/", 2)[2]

    @property
    def anonymous(self) -> str:
        """The URL of the folder around it that is served without signing in; "" if none is."""
        for one in folders().anonymous:
            if self.path.startswith(f"{one.folder}/"):
                return one.url or "/"
        return ""

    @property
    def is_logon(self) -> bool:
        """Whether it is a page or script of the logon."""
        name = self.path.rpartition("/")[2]
        return self.path.startswith(FRONT_END) and name in folders().logon.names


def as_listed(path: str) -> str:
    """A path with `{build}` in place of the folder that is named by a build."""
    return _VERSION.sub("/{build}", path, count=1)


@cache
def _exchange() -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, folders().back_end.names)))
    return re.compile(rf"(?:^|.*?[/!])(?={FRONT_END}/[^/!]+/|{BACK_END}/(?:{names})/)", re.DOTALL)


def folded(path: str) -> str:
    """A path in lower case with single slashes: the same file of Windows has the same one."""
    return _SEPARATORS.sub("/", path).lower()


@lru_cache(maxsize=8192)
def place_of(path: str) -> Place | None:
    """Where the file of an evidence path lies; None if in no folder that is known to be served."""
    text = folded(path)
    for pattern, is_exchange in ((_exchange(), True), (_SITE, False)):
        found = pattern.match(text)
        # What lies inside of an archive that lies in a web folder is not served.
        if found and "!" not in text[found.end() :]:
            return Place(found[0], text[found.end() :], is_exchange)
    return None
