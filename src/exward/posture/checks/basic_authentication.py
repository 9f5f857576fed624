"""Basic authentication hands over the password itself, and asks for no second factor."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks import virtual_directories as directories
from exward.posture.checks.interface import Answer, Fix
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory

ID = "basic-authentication"
TITLE = "Basic authentication is off, except for ActiveSync"
SEVERITY = Severity.MEDIUM
READS = (
    directories.EWS, directories.OAB, directories.POWERSHELL, directories.AUTODISCOVER,
)  # fmt: skip
GOOD = "BasicAuthentication is False; owa and ecp use it below their forms, ActiveSync needs it"
WHY = (
    "Guessing of passwords works without any second factor, and each request carries the password."
)
FIX = Fix(
    change=(
        'Set-WebServicesVirtualDirectory "$env:COMPUTERNAME\\EWS (Default Web Site)" '
        "-BasicAuthentication $false # and the others that are named"
    ),
    preview="Get-WebServicesVirtualDirectory | ft Server, *Authentication",
    undo=(
        'Set-WebServicesVirtualDirectory "$env:COMPUTERNAME\\EWS (Default Web Site)" '
        "-BasicAuthentication $true"
    ),
    breaks="Old clients outside the domain that know neither NTLM nor OAuth.",
)
SOURCES = (
    directories.SOURCE,
    "https://learn.microsoft.com/powershell/module/exchange/set-webservicesvirtualdirectory",
)


def judge(inventory: Inventory) -> Answer:
    """Judge this server's directories."""
    told = [
        (directories.called(area, row), row.truth("BasicAuthentication"))
        for area, row in directories.own(inventory, READS)
    ]
    unread = [name for name, value in told if value is None]
    return concluded(
        [f"{name} takes Basic" for name, value in told if value],
        [*directories.missing(inventory, READS), *unread],
        f"Basic is off on {len(told)} directories.",
    )
