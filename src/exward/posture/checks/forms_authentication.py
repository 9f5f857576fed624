"""Outlook on the web and the admin centre ask for the logon on a page, or leave it to a service."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks import virtual_directories as directories
from exward.posture.checks.interface import Answer, Fix
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.row import Row

ID = "forms-authentication"
TITLE = "Outlook on the web and the admin centre use forms or a logon service"
SEVERITY = Severity.MEDIUM
READS = (directories.OWA, directories.ECP)
GOOD = "FormsAuthentication, AdfsAuthentication or OAuthAuthentication is True"
WHY = "With Basic or NTLM alone sessions do not end, and a second factor cannot be asked for."
FIX = Fix(
    change=(
        'Set-EcpVirtualDirectory "$env:COMPUTERNAME\\ecp (Default Web Site)" '
        "-FormsAuthentication $true; Set-OwaVirtualDirectory "
        '"$env:COMPUTERNAME\\owa (Default Web Site)" -FormsAuthentication $true; iisreset /noforce'
    ),
    preview=(
        "Get-OwaVirtualDirectory | ft Server, *Auth*; Get-EcpVirtualDirectory | ft Server, *Auth*"
    ),
    undo=(
        'Set-OwaVirtualDirectory "$env:COMPUTERNAME\\owa (Default Web Site)" '
        "-FormsAuthentication $false"
    ),
    breaks="Proxies in front that log users on themselves: they need the old way.",
)
SOURCES = (
    directories.SOURCE,
    "https://learn.microsoft.com/exchange/clients/outlook-on-the-web/forms-based-auth",
)
_MEMBERS = ("FormsAuthentication", "AdfsAuthentication", "OAuthAuthentication")


def judge(inventory: Inventory) -> Answer:
    """One of the three is enough."""
    told = [
        (directories.called(area, row), _good(row))
        for area, row in directories.own(inventory, READS)
    ]
    unread = [name for name, value in told if value is None]
    return concluded(
        [f"{name} uses neither" for name, value in told if value is False],
        [*directories.missing(inventory, READS), *unread],
        "Both use forms or a logon service.",
    )


def _good(row: Row) -> bool | None:
    said = [row.truth(name) for name in _MEMBERS]
    return True if any(said) else said[0]
