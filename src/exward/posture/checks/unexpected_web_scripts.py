"""A script in a web folder that Exchange did not bring is most often a web shell."""

from __future__ import annotations

import re
from functools import lru_cache

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed, unknown
from exward.posture.checks.judging import listing
from exward.posture.data import Data
from exward.posture.inventory import Inventory
from exward.posture.stock_files import is_stock, place

ID = "unexpected-web-scripts"
TITLE = "Web folders hold no scripts that Exchange did not bring"
SEVERITY = Severity.CRITICAL
READS = ("web-files",)
GOOD = "no script below inetpub\\wwwroot or beside the logon pages that no build of Exchange has"
WHY = "A web shell gives everybody who knows its address the rights of the server."
FIX = Fix(
    change="# An incident: keep the file with its times, run exward scan on the logs, then remove "
    "it.",
    preview="exward scan FILE # says what its code lets a stranger do",
    undo="# Put the file back that you kept.",
    breaks="A page of your own that somebody put there.",
)
SOURCES = (
    "https://attack.mitre.org/techniques/T1505/003/",
    "https://www.cisa.gov/news-events/cybersecurity-advisories/aa21-062a",
)
_SCRIPTS = (
    ".aspx", ".ashx", ".asmx", ".asp", ".asax", ".ascx", ".cshtml", ".svc", ".cer", ".soap",
)  # fmt: skip
_MAX_PATH = 500
_WWWROOT = re.compile(r"[\\/]inetpub[\\/]wwwroot[\\/]", re.IGNORECASE)
# Where anybody can call a page, and where intruders put theirs.
_LOGON = ("frontend/httpproxy/owa/auth/", "frontend/httpproxy/ecp/auth/")


def judge(inventory: Inventory) -> Answer:
    """Elsewhere in Exchange's folders a newer build may have brought it: that is unknown."""
    data = inventory.data(READS[0])
    return not_collected(READS) if data is None else data.once(_judged)


def _judged(data: Data) -> Answer:
    listed = data.objects
    if listed is None:
        return not_collected(READS)
    paths = [row.text("Path") for row in listed]
    scripts = [path for path in paths if path and len(path) <= _MAX_PATH and _is_script(path)]
    strange = [path for path in scripts if _is_strange(path)]
    weak = [path for path in strange if _is_exposed(path)]
    if weak:
        return failed(f"{len(weak)} that Exchange did not bring: {listing(weak)}.")
    if not paths or None in paths:
        return unknown("The list of web files is empty, or has some without a path.")
    if strange:
        return unknown(f"In no list of Microsoft's (up to April 2021): {listing(strange)}.")
    return passed(f"All {len(scripts)} scripts are at places where Exchange has one.")


# The servers of a fleet have nearly the same files.
@lru_cache(maxsize=8_192)
def _is_script(path: str) -> bool:
    return path.lower().endswith(_SCRIPTS)


@lru_cache(maxsize=8_192)
def _is_strange(path: str) -> bool:
    where = place(path)
    return _WWWROOT.search(path) is not None if where is None else not is_stock(where)


@lru_cache(maxsize=8_192)
def _is_exposed(path: str) -> bool:
    return _WWWROOT.search(path) is not None or (place(path) or "").startswith(_LOGON)
