"""Who may write to a folder.

Names and numbers of the rights:
https://learn.microsoft.com/dotnet/api/system.security.accesscontrol.filesystemrights; generic
rights, which have no name there, are [MS-DTYP] 2.4.3.
"""

from __future__ import annotations

from exward.posture.inventory import Inventory
from exward.posture.known import members, objects
from exward.posture.row import Row

AREA = "folders"
# Also `Write` and the rights to change the rules.
_WRITING = frozenset({
    "fullcontrol", "modify", "write", "writedata", "createfiles", "appenddata", "createdirectories",
    "changepermissions", "takeownership",
})  # fmt: skip
_WRITING_BITS = 0x2 | 0x4 | 0x40000 | 0x80000 | 0x10000000 | 0x40000000
# SYSTEM, Administrators, LOCAL SERVICE, NETWORK SERVICE, CREATOR OWNER.
_TRUSTED = frozenset({"S-1-5-18", "S-1-5-32-544", "S-1-5-19", "S-1-5-20", "S-1-3-0"})
# Services by their own SID, as TrustedInstaller, and IIS's application pools.
_TRUSTED_BEGINNINGS = ("S-1-5-80-", "S-1-5-82-")
# Domain and Enterprise Admins.
_TRUSTED_ENDS = ("-512", "-519")
_TRUSTED_NAMES = frozenset({
    "exchange trusted subsystem", "exchange servers", "organization management",
    "server management", "delegated setup",
})  # fmt: skip


def folders(inventory: Inventory, *ends: str) -> tuple[Row, ...] | None:
    """Folders whose path ends so (all without `ends`); None: not collected."""
    found = objects(inventory, AREA)
    if found is None:
        return None
    wanted = tuple(end.lower() for end in ends) or ("",)
    return tuple(row for row in found if (row.text("Path") or "").lower().endswith(wanted))


def strangers(folder: Row) -> tuple[str, ...] | None:
    """Accounts that may write and are not those who have to; None if that cannot be read."""
    rules = members(folder, "Access")
    if rules is None or any(rule.text("Rights") is None for rule in rules):
        return None
    return tuple(
        rule.text("Account") or rule.text("Sid") or "(nobody)"
        for rule in rules
        if _allows(rule) and writes(rule) and not is_trusted(rule)
    )


def writes(rule: Row) -> bool:
    """Whether a rule lets somebody change what is in the folder."""
    number = rule.number("Rights")
    if number is not None:
        return bool(number & _WRITING_BITS)
    said = rule.text("Rights") or ""
    return any(part.strip().lower() in _WRITING for part in said.split(","))


def is_trusted(rule: Row) -> bool:
    """Whether the account has to be able to write."""
    sid = rule.text("Sid") or ""
    name = (rule.text("Account") or "").rpartition("\\")[2].lower()
    return (
        sid in _TRUSTED
        or sid.startswith(_TRUSTED_BEGINNINGS)
        or (sid.startswith("S-1-5-21-") and sid.endswith(_TRUSTED_ENDS))
        or name in _TRUSTED_NAMES
    )


def _allows(rule: Row) -> bool:
    return (rule.text("Type") or "Allow").lower() == "allow"
