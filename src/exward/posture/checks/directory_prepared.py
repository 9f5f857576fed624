"""Updates that change the directory work only after set-up has prepared it."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, failed, not_applicable, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.levels import directory_levels
from exward.posture.row import Row

ID = "directory-prepared"
TITLE = "The directory is prepared for the installed version"
SEVERITY = Severity.HIGH
READS = ("directory", "build")
GOOD = "schema, organisation and domain have at least the versions of the cumulative update"
WHY = (
    "Corrections of rights in the directory are made by this preparation only: without it an "
    "update leaves the way from Exchange to the domain open."
)
# Set-up of the installed cumulative update.
_SETUP = ".\\Setup.exe /IAcceptExchangeServerLicenseTerms_DiagnosticDataON"
FIX = Fix(
    change=f"{_SETUP} /PrepareSchema; {_SETUP} /PrepareAD; {_SETUP} /PrepareAllDomains",
    preview=(
        'Get-ADObject "CN=ms-Exch-Schema-Version-Pt,$((Get-ADRootDSE).schemaNamingContext)" '
        "-Properties rangeUpper"
    ),
    undo="# A schema cannot be taken back: restore the forest from backup.",
    breaks="Nothing known; it needs Schema Admins and Enterprise Admins, and time to replicate.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/plan-and-deploy/prepare-ad-and-domains",
    "https://learn.microsoft.com/exchange/plan-and-deploy/active-directory/ad-changes",
)
# Member of the area → name in the table of facts.
_LEVELS = {
    "SchemaVersion": "schema",
    "OrganizationVersion": "organization",
    "DomainVersion": "domain",
}


def judge(inventory: Inventory) -> Answer:
    """Compare the three versions with those that the cumulative update brings."""
    directory = inventory.row("directory")
    if directory is None:
        return unknown("Not collected: directory.")
    if not inventory.builds:
        return unknown("The build is not known.")
    needed = directory_levels(inventory)
    if needed is None:
        return not_applicable("The facts have no levels for this cumulative update.")
    return _compared(directory, needed)


def _compared(directory: Row, needed: dict[str, int]) -> Answer:
    found = {name: directory.number(name) for name in _LEVELS}
    low = [
        f"{name} is {value}, needed {needed[_LEVELS[name]]}"
        for name, value in found.items()
        if value is not None and value < needed[_LEVELS[name]]
    ]
    if low:
        return failed(f"{'; '.join(low)}.")
    if unread := [name for name, value in found.items() if value is None]:
        return unknown(f"Not collected: {', '.join(unread)}.")
    return passed("Schema, organisation and domain are prepared.")
