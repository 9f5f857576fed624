"""Who may write to a web root may run code on the server."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import folder_access
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.data import Data
from exward.posture.inventory import Inventory
from exward.posture.known import named

ID = "writable-folders"
TITLE = "Only the system may write to web roots and Exchange's folders"
SEVERITY = Severity.HIGH
READS = ("folders",)
GOOD = "SYSTEM, administrators, TrustedInstaller, services and groups of Exchange only"
WHY = (
    "Any user or service that may write there puts a web shell, or replaces a library that runs "
    "as SYSTEM."
)
FIX = Fix(
    change=r"icacls 'C:\inetpub\wwwroot' /remove NAME",
    preview=r"icacls 'C:\inetpub\wwwroot'; icacls $env:ExchangeInstallPath",
    undo=r"icacls 'C:\inetpub\wwwroot' /grant 'NAME:(OI)(CI)M'",
)
SOURCES = (
    "https://learn.microsoft.com/troubleshoot/developer/webapps/iis/www-authentication-authorization/default-permissions-user-rights",
)
# These have a check of their own.
_OTHERS = ("\\transportroles\\pickup", "\\transportroles\\replay")


def judge(inventory: Inventory) -> Answer:
    """Judge every folder that was collected."""
    folders = inventory.data(folder_access.AREA)
    return not_collected(READS) if folders is None else folders.once(_judged)


def _judged(folders: Data) -> Answer:
    found = [
        row
        for row in folders.objects or ()
        if not (row.text("Path") or "").lower().endswith(_OTHERS)
    ]
    if not found:
        return not_collected(READS)
    weak: list[str] = []
    missing: list[str] = []
    for row in found:
        path, others = named(row, "Path"), folder_access.strangers(row)
        if others is None:
            missing.append(f"who may write to {path}")
        weak += [f"{one} may write to {path}" for one in others or ()]
    return concluded(weak, missing, f"Only the system may write to {len(found):,} folders.")
