"""What the checks of virtual directories, as the cmdlets tell of them, have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from exward.posture.inventory import Inventory
from exward.posture.known import named
from exward.posture.own import own_rows
from exward.posture.row import Row

OWA, ECP, EWS = (
    "Get-OwaVirtualDirectory",
    "Get-EcpVirtualDirectory",
    "Get-WebServicesVirtualDirectory",
)
EAS, OAB, MAPI = (
    "Get-ActiveSyncVirtualDirectory",
    "Get-OabVirtualDirectory",
    "Get-MapiVirtualDirectory",
)
POWERSHELL = "Get-PowerShellVirtualDirectory"
AUTODISCOVER = "Get-AutodiscoverVirtualDirectory"
ALL = (OWA, ECP, EWS, EAS, OAB, MAPI, POWERSHELL, AUTODISCOVER)
SOURCE = "https://learn.microsoft.com/exchange/clients/default-virtual-directory-settings"


def own(inventory: Inventory, areas: Iterable[str]) -> Iterator[tuple[str, Row]]:
    """This server's directories with their cmdlets."""
    for area in areas:
        for row in own_rows(inventory, area) or ():
            yield area, row


def missing(inventory: Inventory, areas: Iterable[str]) -> list[str]:
    """The cmdlets that nothing is known of for this server."""
    return [area for area in areas if not own_rows(inventory, area)]


def called(area: str, row: Row) -> str:
    """`Owa (owa (Default Web Site))`."""
    kind = area.removeprefix("Get-").removesuffix("VirtualDirectory")
    return f"{kind} ({named(row, 'Name', 'Identity')})"
