"""Debugging and lists of folders tell strangers what they should have to guess."""

from __future__ import annotations

import re

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, passed, unknown
from exward.posture.checks.judging import listing
from exward.posture.iis import elements, host_elements, location, web_elements
from exward.posture.inventory import IIS_CONFIG, Inventory

ID = "web-config-debug"
TITLE = "Pages are not debugged, and folders do not list their files"
SEVERITY = Severity.LOW
READS = (IIS_CONFIG,)
GOOD = "compilation without debug=true, directoryBrowse not enabled"
WHY = "Errors then show code and paths, and lists show files that nobody links to."
FIX = Fix(
    change="Set-WebConfigurationProperty -PSPath 'IIS:\\Sites\\SITE' -Filter system.webServer/"
    "directoryBrowse -Name enabled -Value $false # debug: in the web.config that is named",
    preview="Get-WebConfigurationProperty -PSPath 'IIS:\\Sites\\SITE' -Filter system.webServer/"
    "directoryBrowse -Name enabled",
    undo="Set-WebConfigurationProperty -PSPath 'IIS:\\Sites\\SITE' -Filter system.webServer/"
    "directoryBrowse -Name enabled -Value $true",
)
SOURCES = (
    "https://learn.microsoft.com/iis/configuration/system.webserver/directorybrowse",
    "https://learn.microsoft.com/dotnet/api/system.web.configuration.compilationsection.debug",
)
_SETTINGS = (("/compilation", "debug"), ("/directorybrowse", "enabled"))
# Exchange ships the file of the back end's PowerShell with debug=true; no page is there.
_SHIPPED = re.compile(r"[\\/]powershell(?:-proxy)?[\\/]web\.config", re.IGNORECASE)


def judge(inventory: Inventory) -> Answer:
    """A server's own file and those of the sites must both be there for a pass."""
    rows = elements(inventory)
    weak = [
        f"{tail.strip('/')} {attribute}=true in {place} {location(row)}".rstrip()
        for tail, attribute in _SETTINGS
        for place, row in rows.placed(tail)
        if (row.text(attribute) or "").lower() == "true" and not _is_shipped(place, attribute)
    ]
    if weak:
        return failed(f"{listing(weak)}.")
    if not host_elements(inventory) or not web_elements(inventory):
        return unknown("Not collected: applicationHost.config, or web.config of the sites.")
    return passed("No page is debugged and no folder lists its files.")


def _is_shipped(place: str, attribute: str) -> bool:
    return attribute == "debug" and _SHIPPED.search(place) is not None
