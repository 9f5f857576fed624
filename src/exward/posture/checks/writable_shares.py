"""A share is a way to put files on the server without touching Exchange."""

from __future__ import annotations

import re

from exward.model.severity import Severity
from exward.posture import exclusions
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.exclusion_scores import is_below
from exward.posture.inventory import Inventory
from exward.posture.known import members, named, objects
from exward.posture.row import Row

ID = "writable-shares"
TITLE = "No share lets others write to Exchange's or the web server's folders"
SEVERITY = Severity.HIGH
READS = ("shares", "host")
GOOD = (
    "Shares of these folders, or of those above, can be written to by administrators and Exchange "
    "only"
)
WHY = "Whoever may write to a web folder over the network has a web shell."
FIX = Fix(
    change="Revoke-SmbShareAccess NAME -AccountName 'Everyone' -Force, or Remove-SmbShare NAME",
    preview="Get-SmbShare | Get-SmbShareAccess | ft Name, AccountName, AccessRight",
    undo="Grant-SmbShareAccess NAME -AccountName 'Everyone' -AccessRight Change -Force",
)
SOURCES = (
    "https://learn.microsoft.com/windows-server/storage/file-server/file-server-smb-overview",
)
_PLACES = ("%ExchangeInstallPath%", "%SystemDrive%\\inetpub", "%SystemRoot%")
_WRITING = frozenset({"change", "full"})
# Names of accounts, whole and without their domain, in the languages of Windows that are usual:
# `Administrative Staff` is none of them.
_TRUSTED = re.compile(
    r"(?:.*\\)?(?:administrat(?:or(?:s|en|er|zy)?|örer|eurs?)|administrador(?:es)?|"
    r"amministrator[ei]|system|exchange trusted subsystem|exchange servers|"
    r"organization management|domain admins|trustedinstaller)",
    re.IGNORECASE,
)


def judge(inventory: Inventory) -> Answer:
    """Judge shares of the folders, in them and above them."""
    found = objects(inventory, "shares")
    if found is None:
        return not_collected(READS)
    known = exclusions.variables(inventory)
    places = [exclusions.plain_path(place, known) for place in _PLACES]
    weak: list[str] = []
    missing: list[str] = []
    for row in found:
        path = exclusions.plain_path(row.text("Path") or "", known)
        if "Path" not in row:
            missing.append(f"where the share {named(row, 'Name')} lies")
        if not path or not any(is_below(place, path) or is_below(path, place) for place in places):
            continue
        rules = members(row, "Access")
        if rules is None or any(rule.text("Right") is None for rule in rules):
            missing.append(f"who may write to the share {named(row, 'Name')}")
        weak += [
            f"{named(rule, 'Account')} may write to the share {named(row, 'Name')} ({path})"
            for rule in rules or ()
            if _lets_write(rule)
        ]
    return concluded(weak, missing, f"None of {len(found):,} shares lets others write there.")


def _lets_write(rule: Row) -> bool:
    allows = (rule.text("Type") or "Allow").lower() == "allow"
    writes = (rule.text("Right") or "").lower() in _WRITING
    return allows and writes and _TRUSTED.fullmatch(rule.text("Account") or "") is None
