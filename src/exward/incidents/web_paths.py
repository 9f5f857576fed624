"""Files and URLs in one form, so that a file that was written and a page that was called meet."""

from __future__ import annotations

import re
from functools import lru_cache

_SCRIPT = re.compile(r"\.(?:as[hpm]x|asp|ascx|svc|soap|cshtml|master|cer|asa|cdx|php|jspx?)$")
"""Extensions that a web server may execute."""

_WEB_ROOTS = ("inetpub/wwwroot/", "frontend/httpproxy/", "clientaccess/")
"""Folders that Exchange's sites serve from `/` (default installation; front and back end)."""

_VOLUME = re.compile(r"/*(?:[?.]/)?(?:[a-z]:|device/harddiskvolume\d+|[^/]+/[a-z]\$)(?=/)")
"""What stands before the path on a volume: drive, device, or an administrative share."""

_FILE = re.compile(r"[^/\"*<>|&]+\.[a-z0-9_]{1,8}$")
"""A file's name at the end: service settings hold whole command lines."""

_SYSTEM = re.compile(
    r"/(?:windows/(?:system32|syswow64|sysnative|microsoft\.net|winsxs|explorer\.exe"
    r"|servicing|systemapps)|program files(?: \(x86\))?)(?:/|$)"
)

_STOCK = frozenset(
    ("/owa/auth/errorfe.aspx", "/owa/auth/expiredpassword.aspx", "/owa/auth/frowny.aspx",
     "/owa/auth/logoff.aspx", "/owa/auth/logon.aspx", "/owa/auth/outlookcn.aspx",
     "/owa/auth/redirsuiteserviceproxy.aspx", "/owa/auth/signout.aspx",
     "/owa/auth/svmfeedback.aspx", "/ecp/auth/timeoutlogout.aspx", "/ecp/default.aspx",
     "/ecp/ddi/ddiservice.svc", "/ews/exchange.asmx", "/ews/exchange.svc", "/owa/default.aspx",
     "/owa/service.svc", "/autodiscover/autodiscover.svc", "/oab/default.aspx",
     "/powershell/default.aspx", "/default.aspx"),
)  # fmt: skip
"""Pages that every Exchange server has and every client calls (lists of stock files that
CSS-Exchange published per build)."""


@lru_cache(maxsize=4096)
def as_web_path(text: str, *, is_url: bool) -> str:
    """Give the comparable form of a path, `/` between folders, lower case; "" if it says nothing.

    A script in a folder that the web server serves gets its URL path; another file the path on
    its volume. A URL counts only if it names a script.
    """
    path = re.sub(r"[\\/]+", "/", text.strip().strip('"')).casefold()
    if not _FILE.search(path):
        return ""
    if is_url:
        return path if path.startswith("/") and _SCRIPT.search(path) else ""
    if path.count("/") < 2 and not (path.count("/") == 1 and not path.startswith("/")):
        return ""
    for root in _WEB_ROOTS:
        _, found, rest = path.partition(root)
        if found and _SCRIPT.search(rest):
            return f"/{rest}"
    on_volume = _VOLUME.sub("", path, count=1)
    return on_volume if on_volume.startswith("/") else f"/{on_volume}"


def is_stock_page(path: str) -> bool:
    """Whether a path (from `as_web_path`) is a page that belongs to Exchange."""
    return path in _STOCK


def is_system_program(path: str) -> bool:
    """Whether a path (from `as_web_path`) lies where Windows and installed programs lie."""
    return _SYSTEM.match(path) is not None
