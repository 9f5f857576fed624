"""Without signatures others on the network can alter files and relay logons."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, passed, unknown
from exward.posture.inventory import Inventory

ID = "smb-signing"
TITLE = "SMB connections must be signed"
SEVERITY = Severity.MEDIUM
READS = ("smb", "registry")
GOOD = "RequireSecuritySignature is on for the server and for the client side"
WHY = (
    "A logon that an attacker makes Exchange send can be relayed to the file shares of this and of "
    "other servers, which then do as he says."
)
FIX = Fix(
    change=(
        "Set-SmbServerConfiguration -RequireSecuritySignature $true -Force; "
        "Set-SmbClientConfiguration -RequireSecuritySignature $true -Force"
    ),
    preview=(
        "Get-SmbServerConfiguration | fl RequireSecuritySignature; "
        "Get-SmbClientConfiguration | fl RequireSecuritySignature"
    ),
    undo=(
        "Set-SmbServerConfiguration -RequireSecuritySignature $false -Force; "
        "Set-SmbClientConfiguration -RequireSecuritySignature $false -Force"
    ),
    breaks="File servers and scanners that cannot sign; copying gets slower.",
)
SOURCES = (
    "https://learn.microsoft.com/windows-server/storage/file-server/smb-signing-overview",
    "https://learn.microsoft.com/troubleshoot/windows-server/networking/overview-server-message-block-signing",
)
_SERVICES = r"HKLM\SYSTEM\CurrentControlSet\Services"
# Side → member of the area `smb`, service whose parameters hold the same.
_SIDES = {
    "server": ("RequireSecuritySignature", "LanmanServer"),
    "client": ("ClientRequireSecuritySignature", "LanmanWorkstation"),
}


def judge(inventory: Inventory) -> Answer:
    """Judge both sides: what is set wins over what the registry holds."""
    required = {side: _required(inventory, *places) for side, places in _SIDES.items()}
    weak = [side for side, value in required.items() if value is False]
    unread = [side for side, value in required.items() if value is None]
    if weak:
        return failed(f"Signatures are not required of the {' and the '.join(weak)} side.")
    if unread:
        return unknown(f"Not collected: whether the {' and the '.join(unread)} side must sign.")
    return passed("Both sides must sign.")


def _required(inventory: Inventory, member: str, service: str) -> bool | None:
    configuration = inventory.row("smb")
    said = None if configuration is None else configuration.truth(member)
    key = inventory.key(rf"{_SERVICES}\{service}\Parameters")
    if said is not None or key is None:
        return said
    value = key.values.number("RequireSecuritySignature")
    # What is not set follows the version of Windows, and is not judged.
    return None if value is None else bool(value)
