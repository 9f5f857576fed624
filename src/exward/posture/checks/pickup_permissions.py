"""What is put into Pickup or Replay is sent as mail without any question."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import folder_access
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory

ID = "pickup-permissions"
TITLE = "Only the system may write to Pickup and Replay"
SEVERITY = Severity.MEDIUM
READS = ("folders",)
GOOD = "SYSTEM, administrators, NETWORK SERVICE and groups of Exchange only"
WHY = (
    "Whoever may write there sends mail as anybody, also from inside, and no connector logs a "
    "session."
)
FIX = Fix(
    change=(
        r"icacls 'C:\Program Files\Microsoft\Exchange Server\V15\TransportRoles\Pickup' /remove "
        r"NAME"
    ),
    preview=(
        r"icacls 'C:\Program Files\Microsoft\Exchange Server\V15\TransportRoles\Pickup'; icacls "
        r"'C:\Program Files\Microsoft\Exchange Server\V15\TransportRoles\Replay'"
    ),
    undo=(
        r"icacls 'C:\Program Files\Microsoft\Exchange Server\V15\TransportRoles\Pickup' /grant "
        r"NAME:(OI)(CI)M"
    ),
    breaks="Programs that send by putting files there: let them use SMTP.",
)
SOURCES = ("https://learn.microsoft.com/exchange/mail-flow/pickup-directory-and-replay-directory",)
_ENDS = ("\\transportroles\\pickup", "\\transportroles\\replay")


def judge(inventory: Inventory) -> Answer:
    """Judge the access rules of the two folders."""
    found = folder_access.folders(inventory, *_ENDS)
    if not found:
        return not_collected(READS)
    weak: list[str] = []
    missing: list[str] = []
    for row in found:
        path, others = row.text("Path") or "", folder_access.strangers(row)
        if others is None:
            missing.append(f"who may write to {path}")
        weak += [f"{one} may write to {path}" for one in others or ()]
    return concluded(weak, missing, "Only those who have to may write there.")
