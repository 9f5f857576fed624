"""A file with a private key that lies about is a stolen key in waiting."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed, unknown
from exward.posture.checks.judging import listing
from exward.posture.inventory import Inventory
from exward.posture.known import objects

ID = "certificate-files"
TITLE = "No files with private keys lie about"
SEVERITY = Severity.MEDIUM
READS = ("loose-files",)
GOOD = "no *.pfx or *.p12 in the folders that were searched"
WHY = "Its password is often weak or written beside it: whoever copies the file is your server."
FIX = Fix(
    change="Remove-Item FILE # after a copy in a safe place, away from the server",
    preview="Get-ChildItem C:\\ -Recurse -Include *.pfx, *.p12 -ErrorAction SilentlyContinue",
    undo="# Copy the file back from the safe place.",
)
SOURCES = ("https://attack.mitre.org/techniques/T1552/004/",)
_ENDINGS = (".pfx", ".p12")


def judge(inventory: Inventory) -> Answer:
    """Judge the files by their names."""
    files = objects(inventory, READS[0])
    if files is None:
        return not_collected(READS)
    paths = [row.text("Path") for row in files]
    found = [path for path in paths if path and path.lower().endswith(_ENDINGS)]
    if found:
        return failed(f"{len(found)} found: {listing(found)}.")
    if None in paths:
        return unknown("The list of loose files has some without a path.")
    return passed("None was found.")
