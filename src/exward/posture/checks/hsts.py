"""Browsers that were told once never speak to the server without TLS again."""

from __future__ import annotations

import re

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, passed, unknown
from exward.posture.iis import BACK, FRONT, SITES, ending, host_elements, location, within
from exward.posture.inventory import IIS_CONFIG, Inventory
from exward.posture.row import Row

ID = "hsts"
TITLE = "Browsers are told to use TLS only (HSTS)"
SEVERITY = Severity.LOW
READS = (IIS_CONFIG,)
GOOD = "on for Default Web Site with max-age of a year (31536000) or more; never on the back end"
WHY = "Someone on the line can otherwise keep a user on http and read his password."
FIX = Fix(
    change=(
        "Set-ItemProperty 'IIS:\\Sites\\Default Web Site' -Name hsts.enabled -Value $true; "
        "Set-ItemProperty 'IIS:\\Sites\\Default Web Site' -Name hsts.max-age -Value 31536000"
    ),
    preview="Get-ItemProperty 'IIS:\\Sites\\Default Web Site' -Name hsts | fl *",
    undo="Set-ItemProperty 'IIS:\\Sites\\Default Web Site' -Name hsts.enabled -Value $false",
    breaks="Names of the server without a trusted certificate: browsers refuse them for a year.",
)
SOURCES = (
    "https://learn.microsoft.com/iis/configuration/system.applicationhost/sites/site/hsts",
    "https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/IISInformation/",
)
_YEAR_S = 31_536_000
_HEADER = "strict-transport-security"
_MAX_AGE = re.compile(r"max-age=\"?(\d{1,12})", re.IGNORECASE)


def judge(inventory: Inventory) -> Answer:
    """The site's own element, or a header that it adds (Windows before Server 2019)."""
    elements = host_elements(inventory)
    sites = {(row.text("name") or "").lower() for row in ending(elements, SITES)}
    if FRONT not in sites:
        return unknown("Not collected: Default Web Site in applicationHost.config.")
    switched = {within(row): row for row in ending(elements, f"{SITES}/hsts") if _is_on(row)}
    headers = {
        location(row): row
        for row in ending(elements, "/httpprotocol/customheaders/add")
        if (row.text("name") or "").lower() == _HEADER
    }
    if BACK in switched or BACK in headers:
        return failed("HSTS is on for the back end, where it breaks connections.")
    age = _age(switched.get(FRONT), headers.get(FRONT))
    if age is None:
        return failed("HSTS is off for Default Web Site.")
    said = f"HSTS is on with max-age {age}."
    return passed(said) if age >= _YEAR_S else failed(said)


def _age(switched: Row | None, header: Row | None) -> int | None:
    if switched is not None:
        return switched.number("max-age") or 0
    match = None if header is None else _MAX_AGE.search(header.text("value") or "")
    return None if match is None else int(match[1])


def _is_on(row: Row) -> bool:
    return (row.text("enabled") or "").lower() == "true"
