"""Rights on a database are rights on every mailbox in it."""

from __future__ import annotations

from exward.model.everybody import is_everybody
from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import named, objects, texts
from exward.posture.row import Row

ID = "mailbox-access-at-large"
TITLE = "Nobody has access to mailboxes at large"
SEVERITY = Severity.HIGH
READS = ("Get-ADPermission", "Get-MailboxPermission")
GOOD = (
    "No Send-As, Receive-As or full access on whole databases, and none of a mailbox for Everyone "
    "or all users"
)
WHY = "One account, or anybody at all, reads or sends mail as others, and it shows on no mailbox."
FIX = Fix(
    change=(
        "Remove-ADPermission 'DATABASE' -User 'NAME' -ExtendedRights Receive-As, Send-As; "
        "Remove-MailboxPermission 'MAILBOX' -User 'NAME' -AccessRights FullAccess"
    ),
    preview=(
        "Get-MailboxDatabase | Get-ADPermission | ? { -not $_.IsInherited } | ft Identity, User, "
        "ExtendedRights"
    ),
    undo="Add-ADPermission 'DATABASE' -User 'NAME' -ExtendedRights Receive-As",
    breaks="Backup and archive programs that open every mailbox.",
)
SOURCES = (
    "https://learn.microsoft.com/powershell/module/exchange/add-adpermission",
    "https://attack.mitre.org/techniques/T1098/002/",
)
# Groups of Exchange that have rights on databases from the start.
_EXPECTED = frozenset({
    "exchange servers", "exchange trusted subsystem", "organization management",
    "exchange domain servers", "managed availability servers", "public folder management",
    "delegated setup", "system", "network service",
})  # fmt: skip
_RIGHTS = frozenset({"receive-as", "send-as"})


def judge(inventory: Inventory) -> Answer:
    """Judge databases; single mailboxes too if they were collected."""
    databases = objects(inventory, "Get-ADPermission")
    mailboxes = objects(inventory, "Get-MailboxPermission")
    if databases is None:
        return not_collected(("Get-ADPermission",))
    weak = [
        f"{named(row, 'User')} on the database {named(row, 'Identity')}"
        for row in databases
        if _allows(row) and _is_wide(row) and _name(row) not in _EXPECTED
    ]
    weak += [
        f"{named(row, 'User')} on the mailbox {named(row, 'Identity')}"
        for row in mailboxes or ()
        if _allows(row) and is_everybody(row.text("User") or "")
    ]
    unread = [
        f"rights of {named(row, 'User')} on {named(row, 'Identity')}"
        for row in databases
        if texts(row, "ExtendedRights") is None and texts(row, "AccessRights") is None
    ]
    return concluded(weak, unread, "Nobody was given rights on a whole database.")


def _allows(row: Row) -> bool:
    return not row.truth("Deny") and not row.truth("IsInherited")


def _is_wide(row: Row) -> bool:
    extended = {one.lower() for one in texts(row, "ExtendedRights") or ()}
    given = {one.lower() for one in texts(row, "AccessRights") or ()}
    return bool(extended & _RIGHTS) or "genericall" in given


def _name(row: Row) -> str:
    return (row.text("User") or "").lower().rpartition("\\")[2]
