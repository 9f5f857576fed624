"""Until 2023 Microsoft recommended exclusions in which web shells and IIS modules run unseen."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import antivirus, exclusions
from exward.posture.checks.interface import Answer, Fix, unknown
from exward.posture.checks.judging import concluded
from exward.posture.exclusion_table import table
from exward.posture.exclusions import Kind
from exward.posture.inventory import Inventory

ID = "antivirus-exclusions-withdrawn"
TITLE = "The exclusions that Microsoft withdrew in 2023 are gone"
SEVERITY = Severity.HIGH
READS = (*exclusions.READS, "host")
GOOD = "Temporary ASP.NET Files, inetsrv, powershell.exe and w3wp.exe are not excluded"
WHY = (
    "Compiled web shells, malicious modules of IIS and everything that the worker process writes "
    "are not scanned."
)
FIX = Fix(
    change=(
        r"Remove-MpPreference -ExclusionPath 'C:\Windows\System32\inetsrv', "
        r"'C:\Windows\Microsoft.NET\Framework64\v4.0.30319\Temporary ASP.NET Files'; "
        r"Remove-MpPreference -ExclusionProcess "
        r"'C:\Windows\System32\WindowsPowerShell\v1.0\PowerShell.exe', "
        r"'C:\Windows\System32\inetsrv\w3wp.exe'"
    ),
    preview="Get-MpPreference | fl ExclusionPath, ExclusionProcess",
    undo="Add-MpPreference with the same values",
)
SOURCES = (
    "https://techcommunity.microsoft.com/t5/exchange-team-blog/update-on-the-exchange-server-antivirus-exclusions/ba-p/3751464",
)


def judge(inventory: Inventory) -> Answer:
    """Judge the four by name; a wider exclusion is another check's business."""
    found = exclusions.exclusions(inventory)
    if found is None:
        if (other := antivirus.elsewhere(inventory)) is not None:
            return unknown(other)
        return unknown("The exclusions were not collected, or were hidden from the collector.")
    known = exclusions.variables(inventory)
    withdrawn = table().withdrawn
    bad = {
        Kind.PATH: {exclusions.plain_path(one, known) for one in withdrawn.folders},
        Kind.PROCESS: {exclusions.plain_path(one, known) for one in withdrawn.processes},
    }
    kept = [
        f"still excluded: {one.value}"
        for one in found
        if exclusions.plain_path(one.value, known) in bad.get(one.kind, set())
    ]
    return concluded(kept, (), "None of the four is excluded.")
