"""A Windows without updates is open whatever Exchange has."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import windows
from exward.posture.checks.interface import Answer, Fix, failed, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.levels import product, reaches
from exward.posture.own import as_of, day_of

ID = "windows-supported"
TITLE = "Windows gets updates and is supported for this Exchange"
SEVERITY = Severity.HIGH
READS = ("host", "build")
GOOD = "a Windows Server of Microsoft's supportability matrix whose support has not ended"
WHY = "What is found in Windows from now on stays open, and Exchange runs with its highest rights."
FIX = Fix(
    change="# Install Exchange on a new server with a supported Windows and move the mailboxes.",
    preview="Get-CimInstance Win32_OperatingSystem | fl Caption, BuildNumber",
    undo="# Move the mailboxes back.",
    breaks="Windows below Exchange cannot be upgraded in place.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/plan-and-deploy/supportability-matrix",
    "https://learn.microsoft.com/lifecycle/products/windows-server-2012-r2",
    "https://learn.microsoft.com/lifecycle/products/windows-server-2016",
)
_ENDED = {
    windows.SERVER_2008_R2: "2020-01-14",
    windows.SERVER_2012: "2023-10-10",
    windows.SERVER_2012_R2: "2023-10-10",
    windows.SERVER_2016: "2027-01-12",
}
_SUPPORTED = {
    "Exchange Server 2013": {windows.SERVER_2008_R2, windows.SERVER_2012, windows.SERVER_2012_R2},
    "Exchange Server 2016": {windows.SERVER_2012, windows.SERVER_2012_R2, windows.SERVER_2016},
    "Exchange Server 2019": {windows.SERVER_2019, windows.SERVER_2022, windows.SERVER_2025},
    "Exchange Server SE": {windows.SERVER_2019, windows.SERVER_2022, windows.SERVER_2025},
}
# Windows → first build of Exchange 2019 that is supported on it: CU12; CU15 (sources differ on
# CU14, which is left unknown).
_FROM = {windows.SERVER_2022: "15.2.1118.7", windows.SERVER_2025: "15.2.1748.10"}
_DOUBTFUL = (windows.SERVER_2025, "15.2.1544.4")


def judge(inventory: Inventory) -> Answer:
    """Judge Windows by itself, then with this Exchange."""
    system = windows.build(inventory)
    if system is None:
        return unknown("Not collected: the build of Windows.")
    name = windows.named(system)
    today = day_of(as_of(inventory, "host"))
    ended = _ENDED.get(system, "")
    if ended and today and today > ended:
        return failed(f"Updates for {name} ended on {ended}.")
    edition = product(inventory)
    if edition is None or edition not in _SUPPORTED or system not in windows.NAMES:
        return unknown(f"Whether this Exchange is supported on {name} is not known.")
    if ended and not today:
        return unknown(f"When {name} was seen, before or after {ended}, is not known.")
    return _together(inventory, edition, system)


def _together(inventory: Inventory, edition: str, system: int) -> Answer:
    said = f"{edition} on {windows.named(system)}"
    if system not in _SUPPORTED[edition]:
        return failed(f"{said} is not supported.")
    if edition == "Exchange Server 2019" and system in _FROM:
        if reaches(inventory, (_FROM[system],)):
            return passed(f"{said} is supported.")
        is_doubtful = system == _DOUBTFUL[0] and reaches(inventory, _DOUBTFUL[1:])
        return (
            unknown(f"{said}: sources differ.")
            if is_doubtful
            else failed(f"{said} needs a newer cumulative update.")
        )
    return passed(f"{said} is supported.")
