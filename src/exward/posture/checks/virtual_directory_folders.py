"""A virtual directory that points to a folder anybody can write to is a hidden door."""

from __future__ import annotations

import re

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, passed, unknown
from exward.posture.checks.judging import worst
from exward.posture.iis import BACK, FRONT, Directory, directories, host_elements
from exward.posture.inventory import IIS_CONFIG, Inventory

ID = "virtual-directory-folders"
TITLE = "Virtual directories lie in the folders of Exchange and IIS"
SEVERITY = Severity.HIGH
READS = (IIS_CONFIG, "host")
GOOD = "below Exchange's folder or inetpub; none in ProgramData, Users, Temp or PerfLogs"
WHY = "Intruders map such folders, put their pages there, and no list of web folders shows them."
FIX = Fix(
    change="# An incident: keep the folder first. Then Remove-WebVirtualDirectory -Site 'SITE' "
    "-Application 'APP' -Name 'NAME'",
    preview="Get-WebVirtualDirectory | ft Path, PhysicalPath; Get-WebApplication | ft Path, Phys*",
    undo="New-WebVirtualDirectory -Site 'SITE' -Application 'APP' -Name 'NAME' "
    "-PhysicalPath FOLDER",
    breaks="A program of your own that was set up there.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/clients/default-virtual-directory-settings",
    "https://attack.mitre.org/techniques/T1505/003/",
)
_WRITABLE = re.compile(
    r"\\(?:programdata|users|perflogs|recovery|te?mp|appdata|\$recycle\.bin|intel)(?:\\|$)"
    r"|^%(?:te?mp|programdata|allusersprofile|public|userprofile|(?:local)?appdata)%",
    re.IGNORECASE,
)
_INETPUB = re.compile(r"^(?:%systemdrive%|[a-z]:)\\inetpub(?:\\|$)", re.IGNORECASE)
_EXCHANGE = re.compile(r"\\exchange server\\v1[45](?:\\|$)", re.IGNORECASE)


def judge(inventory: Inventory) -> Answer:
    """Judge the folders of all sites; those of other programs only if anybody can write there."""
    found = directories(host_elements(inventory))
    if not found:
        return unknown("Not collected: the virtual directories of applicationHost.config.")
    root = _root(inventory)
    weak = worst(weakness for one in found if (weakness := _weakness(one, root)) is not None)
    return passed(f"All {len(found)} lie where they should.") if weak is None else weak


def _weakness(one: Directory, root: str) -> tuple[Severity, str] | None:
    folder = one.folder.replace("/", "\\")
    said = f"{one.path} is {one.folder}"
    if _WRITABLE.search(folder):
        return Severity.CRITICAL, said
    is_known = _INETPUB.search(folder) or _EXCHANGE.search(folder)
    if is_known or (root and folder.lower().startswith(root)):
        return None
    return (SEVERITY, said) if one.site in {FRONT, BACK} else None


def _root(inventory: Inventory) -> str:
    host = inventory.row("host")
    path = "" if host is None else (host.text("ExchangePath") or "")
    return f"{path.rstrip(chr(92)).lower()}\\" if path else ""
