"""Everything else that is installed is one more way in."""

from __future__ import annotations

import re

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, not_collected, passed, unknown
from exward.posture.checks.judging import worst
from exward.posture.inventory import Inventory
from exward.posture.known import objects

ID = "other-software"
TITLE = "Nothing else runs on the server"
SEVERITY = Severity.MEDIUM
READS = ("software", "features")
GOOD = "No browser, Office, database server, remote control program or other server role"
WHY = (
    "Each has holes of its own and somebody who updates it or not; remote control programs are "
    "also what intruders install."
)
FIX = Fix(
    change="Uninstall what is named; move other roles to their own servers",
    preview=(
        r"Get-ItemProperty 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\*' | ft "
        r"DisplayName, Publisher, InstallDate; Get-WindowsFeature | ? Installed"
    ),
    undo="Install it again.",
    breaks="Whatever it is used for.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/plan-and-deploy/prerequisites",
    "https://attack.mitre.org/techniques/T1219/",
)
_REMOTE_CONTROL = re.compile(
    r"\b(?:anydesk|teamviewer|screenconnect|connectwise control|splashtop|atera|rustdesk|ngrok|"
    r"logmein|gotoassist|ultravnc|tightvnc|realvnc|remote utilities|meshagent|supremo|dameware)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"^(?:google chrome|mozilla firefox|opera\b|microsoft office \w|microsoft 365 apps|"
    r"microsoft sql server \d{4}(?: \(64-bit\))?$|mysql server|postgresql \d|apache tomcat|xampp|"
    r"adobe acrobat|7-zip|winrar|putty|winscp|filezilla)",
    re.IGNORECASE,
)
_ROLES = frozenset({
    "ad-certificate", "adcs-cert-authority", "dhcp", "dns", "fax", "hyper-v", "print-server", "wds",
    "web-ftp-server", "updateservices", "rds-rd-server", "rds-gateway", "adfs-federation",
})  # fmt: skip


def judge(inventory: Inventory) -> Answer:
    """Judge programs by name, roles by feature; remote control is the worst."""
    programs, features = objects(inventory, "software"), objects(inventory, "features")
    if not programs or features is None:
        return not_collected(READS)
    names = [row.text("Name") or "" for row in programs]
    bad = [(Severity.HIGH, name) for name in names if _REMOTE_CONTROL.search(name)]
    bad += [(Severity.MEDIUM, name) for name in names if _OTHER.match(name)]
    bad += [
        (Severity.MEDIUM, f"the role {row.text('Name')}")
        for row in features
        if (row.text("Name") or "").lower() in _ROLES and row.truth("Installed") is not False
    ]
    if any(row.text("Name") is None for row in (*programs, *features)) and not bad:
        return unknown("Names of programs or roles cannot be read.")
    return worst(bad) or passed(f"None of {len(names):,} programs is out of place.")
