"""Remote PowerShell is open to every user unless it is taken from him."""

from __future__ import annotations

from typing import NamedTuple

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed, unknown
from exward.posture.checks.judging import listing
from exward.posture.data import Data
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
    users, groups = inventory.data(READS[0]), objects(inventory, READS[1])
    found = None if users is None else users.once(_allowed)
    if found is None:
        return not_collected(READS[:1])
    may = found.accounts
    members = [texts(row, "Members") for row in groups or ()]
    if may and (groups is None or None in members):
        return unknown("Who is an administrator (Get-RoleGroup) was not collected.")
    administrators = {_last(one) for names in members for one in names or ()}
    others = [name for name, called in may if not called & administrators]
    if others:
        return failed(f"{len(others):,} others may: {listing(others)}.")
    if not found.is_whole:
        return unknown("RemotePowerShellEnabled was not collected for everybody.")
    return passed(f"{len(may)} accounts may, all of them in role groups.")


class _Allowed(NamedTuple):
    """Who may, each with all his names in lower case, and whether that is known of everybody."""

    accounts: tuple[tuple[str, frozenset[str]], ...]
    is_whole: bool


def _allowed(users: Data) -> _Allowed | None:
    if (found := users.objects) is None:
        return None
    return _Allowed(
        tuple((named(row, "SamAccountName", "Name"), _names(row)) for row in found if _may(row)),
        all(row.truth("RemotePowerShellEnabled") is not None for row in found),
    )


def _may(row: Row) -> bool:
    is_own = any(name.startswith(_OWN) for name in _names(row))
    return row.truth("RemotePowerShellEnabled") is True and not is_own


def _names(row: Row) -> frozenset[str]:
    told = (row.text("Name"), row.text("SamAccountName"))
    return frozenset(name.lower() for name in told if name)


def _last(path: str) -> str:
    """`contoso.example/Users/Ada` is Ada."""
    return path.rpartition("/")[2].lower()
