"""A module in IIS sees every request and every password: it is a favourite hiding place."""

from __future__ import annotations

import re

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, passed, unknown
from exward.posture.checks.judging import listing, worst
from exward.posture.data import Data
from exward.posture.iis import ending, host_elements
from exward.posture.inventory import IIS_CONFIG, Inventory
from exward.posture.row import Row

ID = "iis-modules"
TITLE = "IIS loads modules signed by Microsoft only"
SEVERITY = Severity.HIGH
READS = (IIS_CONFIG, "files")
GOOD = "every global module's file has a valid signature of Microsoft; others are known to you"
WHY = "An intruder's module reads passwords from requests, and is a door that no update closes."
FIX = Fix(
    change="# Not signed: an incident; keep the file first. Then Remove-WebGlobalModule NAME; "
    "iisreset",
    preview="Get-WebGlobalModule | % { Get-AuthenticodeSignature ([Environment]::"
    "ExpandEnvironmentVariables($_.Image)) } | fl Path, Status, SignerCertificate",
    undo="New-WebGlobalModule NAME -Image FILE",
    breaks="The product that the module belongs to.",
)
SOURCES = (
    "https://attack.mitre.org/techniques/T1505/004/",
    "https://www.microsoft.com/security/blog/2022/07/26/malicious-iis-extensions-quietly-open-persistent-backdoors-into-servers/",
)
_WINDOWS = re.compile(r"^%(?:windir|systemroot)%", re.IGNORECASE)
_MODULES = "system.webserver/globalmodules/add"
_MICROSOFT = re.compile(r"(?:^|,\s*)O=\"?Microsoft (?:Corporation|Windows)", re.IGNORECASE)


def judge(inventory: Inventory) -> Answer:
    """Judge the signature of each module's file."""
    modules = ending(host_elements(inventory), _MODULES)
    if not modules:
        return unknown("Not collected: the global modules of applicationHost.config.")
    collected = inventory.data("files")
    files = {} if collected is None else collected.once(_by_path)
    found = [(_called(row), files.get(_path(row.text("image")))) for row in modules]
    weak = worst(
        weakness
        for name, file in found
        if file is not None and (weakness := _weakness(name, file)) is not None
    )
    if weak is not None:
        return weak
    unread = [name for name, file in found if file is None or not file.text("Signature")]
    if unread:
        return unknown(f"The signature was not collected of {listing(unread)}.")
    return passed(f"All {len(found)} modules are signed by Microsoft.")


def _weakness(name: str, file: Row) -> tuple[Severity, str] | None:
    signature = file.text("Signature") or ""
    if not signature:
        return None
    if signature.lower() != "valid":
        return Severity.CRITICAL, f"{name} has no valid signature ({signature})"
    if _MICROSOFT.search(file.text("Signer") or "") is None:
        return Severity.HIGH, f"{name} is signed by somebody else ({file.text('Signer') or '?'})"
    return None


def _by_path(files: Data) -> dict[str, Row]:
    return {_path(row.text("Path")): row for row in files.rows}


def _called(row: Row) -> str:
    return f"{row.text('name') or '(no name)'} [{row.text('image') or '?'}]"


def _path(path: str | None) -> str:
    return _WINDOWS.sub(r"c:\\windows", path or "").replace("/", "\\").lower()
