"""Remote PowerShell is open to every user unless it is taken from him."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed, unknown
from exward.posture.checks.judging import listing
from exward.posture.inventory import Inventory
from exward.posture.known import named, objects, texts
from exward.posture.row import Row

ID = "remote-powershell-users"
TITLE = "Only administrators may use remote PowerShell"
SEVERITY = Severity.HIGH
READS = ("Get-User", "Get-RoleGroup")
GOOD = "RemotePowerShellEnabled is False for everybody who is in no role group"
WHY = (
    "All exploits over PowerShell (ProxyNotShell and later) need no more than any user's password."
)
FIX = Fix(
    change="Set-User NAME -RemotePowerShellEnabled $false # each one named",
    preview="Get-User -ResultSize Unlimited -Filter 'RemotePowerShellEnabled -eq $true' | ft Name",
    undo="Set-User NAME -RemotePowerShellEnabled $true",
    breaks="Scripts of users and services that manage mailboxes.",
)
SOURCES = (
    "https://learn.microsoft.com/powershell/exchange/control-remote-powershell-access-to-exchange-servers",
)
# Accounts that Exchange makes for itself; monitoring uses PowerShell.
_OWN = ("healthmailbox", "systemmailbox", "discoverysearchmailbox", "federatedemail", "migration.")


def judge(inventory: Inventory) -> Answer:
    """Compare those who may with the members of role groups."""
    users, groups = objects(inventory, READS[0]), objects(inventory, READS[1])
    if users is None:
        return not_collected(READS[:1])
    may = [row for row in users if _may(row)]
    members = [texts(row, "Members") for row in groups or ()]
    if may and (groups is None or None in members):
        return unknown("Who is an administrator (Get-RoleGroup) was not collected.")
    administrators = {_last(one) for names in members for one in names or ()}
    others = [
        named(row, "SamAccountName", "Name") for row in may if not _names(row) & administrators
    ]
    if others:
        return failed(f"{len(others):,} others may: {listing(others)}.")
    if any(row.truth("RemotePowerShellEnabled") is None for row in users):
        return unknown("RemotePowerShellEnabled was not collected for everybody.")
    return passed(f"{len(may)} accounts may, all of them in role groups.")


def _may(row: Row) -> bool:
    is_own = any(name.startswith(_OWN) for name in _names(row))
    return row.truth("RemotePowerShellEnabled") is True and not is_own


def _names(row: Row) -> frozenset[str]:
    told = (row.text("Name"), row.text("SamAccountName"))
    return frozenset(name.lower() for name in told if name)


def _last(path: str) -> str:
    """`contoso.example/Users/Ada` is Ada."""
    return path.rpartition("/")[2].lower()
