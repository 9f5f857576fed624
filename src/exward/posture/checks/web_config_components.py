"""A module or handler in a web.config gets the requests of that directory."""

from __future__ import annotations

import re
from typing import NamedTuple

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, passed, unknown
from exward.posture.checks.judging import listing
from exward.posture.iis import Content, has_placeholder, web_elements
from exward.posture.inventory import IIS_CONFIG, Inventory
from exward.posture.row import Row

ID = "web-config-components"
TITLE = "web.config files name Microsoft's modules and handlers only"
SEVERITY = Severity.HIGH
READS = (IIS_CONFIG,)
GOOD = "types of Microsoft and System; no placeholder of set-up (%ExchangeInstallDir%) left over"
WHY = "A handler of an intruder answers his requests without any page; leftovers break directories."
FIX = Fix(
    change="# Compare the file with that of a server of the same build; an incident if nobody "
    "knows the entry. A cumulative update writes the files anew.",
    preview="Get-WebConfiguration -PSPath 'IIS:\\Sites\\SITE\\PATH' -Filter "
    "'system.webServer/handlers/add' | ft name, path, type, scriptProcessor",
    undo="# Put the file back that you kept.",
    breaks="A product of another maker that is built into Exchange's pages.",
)
SOURCES = (
    "https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/IISWebConfigCheck/",
    "https://attack.mitre.org/techniques/T1505/004/",
)
_ADDS = ("/modules/add", "/handlers/add", "/httpmodules/add", "/httphandlers/add")
_KNOWN_TYPE = re.compile(r"(?:Microsoft|System)\.[\w.+`]{1,300}(?:,.{0,300})?", re.IGNORECASE)
_KNOWN_PROCESSOR = re.compile(
    r"(?:%(?:windir|systemroot)%|[a-z]:\\windows)\\(?:microsoft\.net|system32\\inetsrv)\\.{1,200}",
    re.IGNORECASE,
)


def judge(inventory: Inventory) -> Answer:
    """Judge every module and handler of the files that were collected."""
    rows = web_elements(inventory)
    if not rows:
        return unknown("Not collected: web.config of the sites.")
    said = [(file.place, file.content.once(_said)) for file in rows.files]
    weak = [f"{name} in {place}" for place, one in said for name in one.odd]
    left = [f"%ExchangeInstallDir% in {place}" for place, one in said for _ in range(one.left)]
    if weak or left:
        return failed(f"Not as set-up makes it: {listing([*weak, *left])}.")
    if not (adds := sum(one.adds for _, one in said)):
        return unknown("No module or handler of the sites was read.")
    return passed(f"All {adds} modules and handlers are Microsoft's.")


class _Said(NamedTuple):
    """Of one file: how many modules and handlers, odd ones by name, and placeholders left over."""

    adds: int
    odd: tuple[str | None, ...]
    left: int


def _said(content: Content) -> _Said:
    adds = [row for tail in _ADDS for row in content.ending(tail)]
    odd = tuple(row.text("name") or row.text("type") for row in adds if _odd(row))
    return _Said(len(adds), odd, sum(map(has_placeholder, content.elements())))


def _odd(row: Row) -> bool:
    kind, processor = row.text("type"), row.text("scriptProcessor")
    is_odd_type = bool(kind) and _KNOWN_TYPE.fullmatch(kind or "") is None
    return is_odd_type or bool(processor and _KNOWN_PROCESSOR.fullmatch(processor) is None)
