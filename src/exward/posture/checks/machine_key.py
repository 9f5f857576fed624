"""The key with which ASP.NET signs view states must not be the one that everybody knows."""

from __future__ import annotations

from exward.model.outcome import Status
from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, unknown
from exward.posture.conditions import no_static_key
from exward.posture.facts import Condition
from exward.posture.inventory import Inventory

ID = "machine-key"
TITLE = "View states are signed with a key of the server's own"
SEVERITY = Severity.CRITICAL
READS = no_static_key.READS
GOOD = "no web.config has the validationKey that Exchange was shipped with until February 2020"
WHY = (
    "Any user of a mailbox runs code as SYSTEM with a view state that he signed himself "
    "(CVE-2020-0688); a web.config from a backup or an intruder brings the key back."
)
FIX = Fix(
    change=(
        "# IIS Manager, Exchange Back End, ecp: Machine Key, Generate Keys, Apply; the same values "
        "on all servers behind one address, then iisreset"
    ),
    preview=(
        'Get-ChildItem "$env:ExchangeInstallPath\\ClientAccess\\ecp" -Filter web.config | '
        "Select-String -Pattern '<machineKey'"
    ),
    undo="# Put the copy of the file back that Backup-WebConfiguration made before.",
    breaks="Everybody signs in to the admin centre again.",
)
SOURCES = (
    "https://www.zerodayinitiative.com/blog/2020/2/24/cve-2020-0688",
    "https://msrc.microsoft.com/update-guide/vulnerability/CVE-2020-0688",
)
_CONDITION = Condition("no-static-key")


def judge(inventory: Inventory) -> Answer:
    """Judge as for CVE-2020-0688, on products that it does not name as well."""
    answer = no_static_key.judge(_CONDITION, inventory)
    if answer.status is Status.UNKNOWN:
        return unknown(f"Not known: {answer.reason}.")
    return answer
