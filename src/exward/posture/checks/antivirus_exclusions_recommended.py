"""Missing exclusions let the antivirus program lock databases and queues."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import antivirus, exclusions
from exward.posture.checks.interface import Answer, Fix, not_applicable, unknown
from exward.posture.checks.judging import concluded
from exward.posture.exclusion_scores import is_below
from exward.posture.exclusion_table import table
from exward.posture.exclusions import Kind
from exward.posture.inventory import Inventory

ID = "antivirus-exclusions-recommended"
TITLE = "Microsoft's folders for Exchange are excluded from scans"
SEVERITY = Severity.LOW
READS = (*exclusions.READS, "host", "Get-ExchangeServer")
GOOD = "Every folder that Microsoft recommends for a mailbox server is in Defender's list"
WHY = (
    "This is about availability: a database or queue that is locked during a scan stops mail. The "
    "folders are not scanned then: look through them by other means."
)
FIX = Fix(
    change="Add-MpPreference -ExclusionPath '…' for each folder that is named",
    preview="(Get-MpPreference).ExclusionPath",
    undo="Remove-MpPreference -ExclusionPath '…'",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/antispam-and-antimalware/windows-antivirus-software",
)


def judge(inventory: Inventory) -> Answer:
    """Judge the folders that every mailbox server has."""
    server = inventory.row("Get-ExchangeServer")
    if server is not None and (server.text("ServerRole") or "").lower() == "edge":
        return not_applicable("An Edge server has other folders.")
    found = exclusions.exclusions(inventory)
    if found is None:
        if (other := antivirus.elsewhere(inventory)) is not None:
            return unknown(other)
        return unknown("The exclusions were not collected, or were hidden from the collector.")
    known = exclusions.variables(inventory)
    there = [exclusions.plain_path(one.value, known) for one in found if one.kind is Kind.PATH]
    needed = (one.path for one in table().folders if one.needed)
    wanted = [(path, exclusions.plain_path(path, known)) for path in needed]
    missing = [
        f"not excluded: {path}"
        for path, folder in wanted
        if not any(is_below(folder, one) for one in there)
    ]
    return concluded(missing, (), "All folders that Microsoft recommends are excluded.")
