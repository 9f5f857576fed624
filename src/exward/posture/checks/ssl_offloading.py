"""Behind a load balancer that takes TLS away a logon cannot be bound to its channel."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, not_applicable, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.own import own_rows

ID = "ssl-offloading"
TITLE = "TLS reaches Exchange itself"
SEVERITY = Severity.HIGH
READS = ("Get-OutlookAnywhere",)
GOOD = "SSLOffloading of Outlook Anywhere is False"
WHY = "Extended Protection, which stops relayed logons, cannot be used with SSL offloading."
FIX = Fix(
    change=(
        'Set-OutlookAnywhere "$env:COMPUTERNAME\\RPC (Default Web Site)" -SSLOffloading $false '
        "-InternalClientsRequireSsl $true -ExternalClientsRequireSsl $true"
    ),
    preview="Get-OutlookAnywhere | ft Server, SSLOffloading, *RequireSsl",
    undo=('Set-OutlookAnywhere "$env:COMPUTERNAME\\RPC (Default Web Site)" -SSLOffloading $true'),
    breaks="A load balancer that offloads: let it bridge with the same certificate first.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/security-best-practices/exchange-extended-protection",
    "https://learn.microsoft.com/powershell/module/exchange/set-outlookanywhere",
)


def judge(inventory: Inventory) -> Answer:
    """Judge this server's Outlook Anywhere."""
    own = own_rows(inventory, READS[0])
    if own is None:
        return not_collected(READS)
    if not own:
        return not_applicable("The server has no Outlook Anywhere.")
    said = [row.truth("SSLOffloading") for row in own]
    return concluded(
        ["SSLOffloading is True" for value in said if value],
        ["SSLOffloading" for value in said if value is None],
        "SSLOffloading is False.",
    )
