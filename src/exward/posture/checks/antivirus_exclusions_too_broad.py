"""Exclusions beyond Microsoft's list hide web shells, modules and tools."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import antivirus, exclusion_scores, exclusions
from exward.posture.checks.interface import Answer, Fix, passed, unknown
from exward.posture.checks.judging import worst
from exward.posture.inventory import Inventory

_PLACES = (
    "Get-MailboxDatabase",
    "Get-MailboxServer",
    "Get-TransportService",
    "Get-FrontendTransportService",
    "Get-MailboxTransportService",
)
ID = "antivirus-exclusions-too-broad"
TITLE = "Nothing is excluded from scans beyond Microsoft's list"
SEVERITY = Severity.MEDIUM
READS = (*exclusions.READS, "host", *_PLACES)
GOOD = "Each exclusion is on Microsoft's list for Exchange, or a folder of a database or log"
WHY = (
    "Whoever puts a file into an excluded folder, or lets an excluded program write it, is never "
    "scanned. Adding an exclusion is one of the first things intruders do."
)
FIX = Fix(
    change=(
        "Remove-MpPreference -ExclusionPath '…' (or -ExclusionProcess, -ExclusionExtension, "
        "-ExclusionIpAddress) for each that is named; those of Group Policy there. Then scan: "
        "Start-MpScan -ScanPath '…' -ScanType CustomScan"
    ),
    preview="Get-MpPreference | fl Exclusion*",
    undo="Add-MpPreference -ExclusionPath '…'",
    breaks=(
        "Performance, if a product other than Exchange needs the exclusion: ask its vendor for a "
        "narrower one."
    ),
)
SOURCES = (
    "https://learn.microsoft.com/exchange/antispam-and-antimalware/windows-antivirus-software",
    "https://learn.microsoft.com/defender-endpoint/common-exclusion-mistakes-microsoft-defender-antivirus",
)


def judge(inventory: Inventory) -> Answer:
    """Score each exclusion; the worst is the severity."""
    found = exclusions.exclusions(inventory)
    if found is None:
        if (other := antivirus.elsewhere(inventory)) is not None:
            return unknown(other)
        return unknown("The exclusions were not collected, or were hidden from the collector.")
    known = exclusions.variables(inventory)
    moved = (row for area in _PLACES for row in inventory.rows(area) or ())
    allow = exclusion_scores.allowed(
        known, _product(inventory), exclusion_scores.configured_folders(moved)
    )
    scored = [(one, exclusion_scores.score(one, allow, known)) for one in found]
    bad = worst(
        (result.severity, f"{one.value}: {result.why}")
        for one, result in scored
        if result.severity is not None
    )
    if bad is not None:
        return bad
    return passed(f"All {len(found):,} exclusions are on Microsoft's list.")


def _product(inventory: Inventory) -> str:
    """The one version for which Microsoft's list is longer: Exchange 2013 is 15.0."""
    is_2013 = any(one.build[:2] == (15, 0) for one in inventory.builds)
    return "2013" if is_2013 else ""
