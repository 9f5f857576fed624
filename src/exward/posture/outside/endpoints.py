"""What is asked for: the virtual directories of Exchange's front end, one ordinary GET each.

Names and paths: learn.microsoft.com/exchange/clients/default-virtual-directory-settings.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One virtual directory of the front end."""

    name: str
    path: str


ENDPOINTS = (
    Endpoint("owa", "/owa/"),
    Endpoint("ecp", "/ecp/"),
    Endpoint("ews", "/EWS/Exchange.asmx"),
    Endpoint("autodiscover", "/Autodiscover/Autodiscover.xml"),
    Endpoint("powershell", "/PowerShell/"),
    Endpoint("mapi", "/mapi/emsmdb/"),
    Endpoint("oab", "/OAB/"),
    Endpoint("activesync", "/Microsoft-Server-ActiveSync"),
)
BY_NAME = {one.name: one for one in ENDPOINTS}
OWA = BY_NAME["owa"]

EXPORT_TOOL = "export-tool"
EXPORT_TOOL_PATH = "/ecp/Current/exporttool/microsoft.exchange.ediscovery.exporttool.application"
"""A page that every stock server has and that names the whole build; asked for only where the
others do not tell it, because scanners ask for it, too, and logs are watched for that."""
