"""A version of TLS that is on for one side, or half on, fails in ways that nobody expects."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks import tls_protocol
from exward.posture.checks.interface import Answer, Fix, failed, passed
from exward.posture.inventory import Inventory
from exward.posture.schannel import PROTOCOLS, Side, sides

ID = "tls-consistent"
TITLE = "Every version of TLS is set the same for clients and servers"
SEVERITY = Severity.MEDIUM
READS = tls_protocol.READS
GOOD = "Enabled and DisabledByDefault say the same, and so do Client and Server"
WHY = (
    "Exchange is client and server: with settings that contradict each other mail stops, or goes "
    "over a version that was thought to be off."
)
FIX = Fix(
    change=(
        "# Set Enabled and DisabledByDefault as the checks of each version say, on both sides; "
        "then Restart-Computer -Confirm"
    ),
    preview=(
        "Get-ChildItem 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\"
        "Protocols' -Recurse | Get-ItemProperty | fl PSPath, Enabled, DisabledByDefault"
    ),
    undo="# Set the values back that the preview showed.",
    breaks="Clients of a version that is then off.",
)
SOURCES = tls_protocol.SOURCES


def judge(inventory: Inventory) -> Answer:
    """Compare the two values of each side, and the two sides."""
    wrong, unread = [], []
    for protocol in PROTOCOLS:
        found = sides(inventory, protocol)
        if found is None:
            unread.append(protocol)
        elif not _agree(found):
            wrong.append(f"{protocol} ({'; '.join(map(str, found))})")
    if wrong:
        return failed(f"These contradict themselves: {', '.join(wrong)}.")
    if unread:
        return tls_protocol.not_read(", ".join(unread))
    return passed("No version of TLS is half on, or differs between clients and servers.")


def _agree(found: tuple[Side, ...]) -> bool:
    states = {_state(side) for side in found}
    return len(states) == 1 and None not in states


def _state(side: Side) -> bool | None:
    """True: on, False: off, None: half."""
    if side.is_off:
        return False
    return True if side.is_on else None
