"""The proxy for moves of mailboxes lets whoever has the rights pull out whole mailboxes."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks import virtual_directories as directories
from exward.posture.checks.interface import Answer, Fix, failed, not_collected, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.own import own_rows

ID = "mrs-proxy"
TITLE = "The proxy for moves of mailboxes is off"
SEVERITY = Severity.MEDIUM
READS = (directories.EWS, "Get-HybridConfiguration")
GOOD = "MRSProxyEnabled is False, unless mailboxes are being moved to or from the cloud"
WHY = "With an administrator's password whole mailboxes can be pulled out over the internet."
FIX = Fix(
    change=(
        'Set-WebServicesVirtualDirectory "$env:COMPUTERNAME\\EWS (Default Web Site)" '
        "-MRSProxyEnabled $false"
    ),
    preview="Get-WebServicesVirtualDirectory | ft Server, MRSProxyEnabled; Get-MoveRequest",
    undo=(
        'Set-WebServicesVirtualDirectory "$env:COMPUTERNAME\\EWS (Default Web Site)" '
        "-MRSProxyEnabled $true"
    ),
    breaks="Moves to and from Exchange Online or another forest.",
)
SOURCES = ("https://learn.microsoft.com/exchange/architecture/mailbox-servers/mrs-proxy-endpoint",)


def judge(inventory: Inventory) -> Answer:
    """On in a hybrid organisation is not judged: moves may run."""
    own = own_rows(inventory, READS[0])
    if not own:
        return not_collected(READS[:1])
    said = [row.truth("MRSProxyEnabled") for row in own]
    if all(value is False for value in said):
        return passed("MRSProxyEnabled is False.")
    if True not in said:
        return unknown("MRSProxyEnabled was not collected.")
    hybrid = inventory.rows(READS[1])
    if hybrid is None or hybrid:
        return unknown("MRSProxyEnabled is True; whether hybrid moves run is not known.")
    return failed("MRSProxyEnabled is True, and this is no hybrid organisation.")
