"""The library that read documents for Exchange was taken out of use; a line turns it on again."""

from __future__ import annotations

from exward.model.outcome import Status
from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, unknown
from exward.posture.conditions import fip_fs_overrides
from exward.posture.facts import Condition
from exward.posture.inventory import Inventory

ID = "old-text-extraction"
TITLE = "The old library that reads documents stays off"
SEVERITY = Severity.MEDIUM
READS = fip_fs_overrides.READS
GOOD = "no line of FIP-FS's Configuration.xml ends in the flag |NO"
WHY = (
    "An attachment that Exchange looks into runs code in Oracle's Outside In (ADV24199947); "
    "nobody has to open it."
)
FIX = Fix(
    change=(
        r".\ConfigureFipFsTextExtractionOverrides.ps1 -ConfigureOverride NAME -Action Block "
        r"# each kind of file that is named, or OutsideInModule"
    ),
    preview=(
        r'Get-ChildItem "$env:ExchangeInstallPath\FIP-FS\Data" -Recurse '
        r"-Filter Configuration.xml | Select-String '\|NO'"
    ),
    undo=r".\ConfigureFipFsTextExtractionOverrides.ps1 -Rollback",
    breaks="Rules that look into the kinds of documents that only the old library reads.",
)
SOURCES = (
    "https://microsoft.github.io/CSS-Exchange/Security/ConfigureFipFsTextExtractionOverrides/",
    "https://msrc.microsoft.com/update-guide/advisory/ADV24199947",
)
_CONDITION = Condition("fip-fs-overrides")


def judge(inventory: Inventory) -> Answer:
    """Judge as for ADV24199947, on products that it does not name as well."""
    answer = fip_fs_overrides.judge(_CONDITION, inventory)
    if answer.status is Status.UNKNOWN:
        return unknown(f"Not known: {answer.reason}.")
    return answer
