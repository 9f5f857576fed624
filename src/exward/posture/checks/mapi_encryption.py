"""Outlook's connections are encrypted inside TLS as well."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.known import own_row

ID = "mapi-encryption"
TITLE = "Outlook's connections must be encrypted"
SEVERITY = Severity.MEDIUM
READS = ("Get-RpcClientAccess", "Get-MailboxServer")
GOOD = "EncryptionRequired is True, and so is MAPIEncryptionRequired of the mailbox server"
WHY = "Mail that is read inside the network can otherwise be read on the line."
FIX = Fix(
    change=(
        "Set-RpcClientAccess -Server $env:COMPUTERNAME -EncryptionRequired $true; "
        "Set-MailboxServer $env:COMPUTERNAME -MAPIEncryptionRequired $true"
    ),
    preview=(
        "Get-RpcClientAccess | ft Server, EncryptionRequired; "
        "Get-MailboxServer | ft Name, MAPIEncryptionRequired"
    ),
    undo=(
        "Set-RpcClientAccess -Server $env:COMPUTERNAME -EncryptionRequired $false; "
        "Set-MailboxServer $env:COMPUTERNAME -MAPIEncryptionRequired $false"
    ),
    breaks="Very old Outlook profiles without encryption.",
)
SOURCES = (
    "https://learn.microsoft.com/powershell/module/exchange/set-rpcclientaccess",
    "https://learn.microsoft.com/powershell/module/exchange/set-mailboxserver",
)
_MEMBERS = ("EncryptionRequired", "MAPIEncryptionRequired")


def judge(inventory: Inventory) -> Answer:
    """The setting of client access decides; the mailbox server's can only add to a failure."""
    rows = [own_row(inventory, area) for area in READS]
    said = [
        None if row is None else row.truth(name) for row, name in zip(rows, _MEMBERS, strict=True)
    ]
    weak = [name for name, value in zip(_MEMBERS, said, strict=True) if value is False]
    if weak:
        return failed(f"False: {', '.join(weak)}.")
    if rows[0] is None:
        return not_collected(READS[:1])
    if said[0] is None:
        return unknown("EncryptionRequired was not collected.")
    return passed("Encryption is required.")
