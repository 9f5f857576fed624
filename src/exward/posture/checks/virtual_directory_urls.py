"""The addresses of virtual directories are where ProxyLogon put its web shell."""

from __future__ import annotations

import re

from exward.model.severity import Severity
from exward.posture.checks import virtual_directories as directories
from exward.posture.checks.interface import Answer, Fix, passed, unknown
from exward.posture.checks.judging import listing, worst
from exward.posture.inventory import Inventory
from exward.posture.row import Row

ID = "virtual-directory-urls"
TITLE = "Addresses of virtual directories are plain https addresses"
SEVERITY = Severity.MEDIUM
READS = directories.ALL
GOOD = "https://name/path, or empty; PowerShell's internal one may be http"
WHY = "Markup in an address is the trace of a web shell (ProxyLogon); http sends what is private."
FIX = Fix(
    change="# Markup: an incident. Keep evidence, then Remove- and New-OabVirtualDirectory (or the "
    "one named). http: Set-…VirtualDirectory -ExternalUrl https://…",
    preview="Get-OabVirtualDirectory | fl Server, *Url",
    undo="# Set the address back that the preview showed.",
    breaks="Clients find the new address by Autodiscover.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/clients/default-virtual-directory-settings",
    "https://www.microsoft.com/security/blog/2021/03/02/hafnium-targeting-exchange-servers/",
)
_MARKUP = re.compile(r"[<>{}]|script|runat|eval\(|http://f/", re.IGNORECASE)
_PLAIN = re.compile(r"https?://[\w.-]{1,253}(?::\d{1,5})?(?:/[\w./-]{0,200})?", re.IGNORECASE)
_MEMBERS = ("InternalUrl", "ExternalUrl")


def judge(inventory: Inventory) -> Answer:
    """Judge both addresses of all directories of this server."""
    found = list(directories.own(inventory, READS))
    weak = worst(
        weakness
        for area, row in found
        for name in _MEMBERS
        if (weakness := _weakness(area, row, name)) is not None
    )
    if weak is not None:
        return weak
    unread = directories.missing(inventory, READS)
    unread += [directories.called(area, row) for area, row in found if _is_unread(row)]
    if unread:
        return unknown(f"Not known: {listing(unread)}.")
    return passed(f"The addresses of {len(found)} directories are plain.")


def _weakness(area: str, row: Row, name: str) -> tuple[Severity, str] | None:
    address = row.text(name)
    if not address:
        return None
    said = f"{name} of {directories.called(area, row)} is {address!r}"
    if _MARKUP.search(address):
        return Severity.CRITICAL, said
    if _PLAIN.fullmatch(address) is None:
        return Severity.HIGH, said
    may_be_http = area == directories.POWERSHELL and name == "InternalUrl"
    return None if may_be_http or address.lower().startswith("https") else (SEVERITY, said)


def _is_unread(row: Row) -> bool:
    if not any(name in row for name in _MEMBERS):
        return True
    return any(row.raw(name) is not None and row.text(name) is None for name in _MEMBERS)
