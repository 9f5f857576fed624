"""Exchange is tested with certain versions of .NET only; old ones miss corrections."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture import windows
from exward.posture.checks.interface import Answer, Fix, failed, not_applicable, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.levels import reaches

ID = "dotnet-framework"
TITLE = "The .NET Framework is the one that Exchange needs"
SEVERITY = Severity.MEDIUM
READS = ("registry", "host", "build")
GOOD = "4.8; with 2019 CU14 and newer on Windows Server 2022 and newer 4.8.1"
WHY = "Older ones miss corrections for what attackers send, and updates refuse to install."
FIX = Fix(
    change="# Maintenance mode; stop Exchange's services; install .NET 4.8 or 4.8.1; restart.",
    preview=(
        "Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\NET Framework Setup\\NDP\\v4\\Full' "
        "| fl Release, Version"
    ),
    undo="# Control Panel, installed updates: remove the update of .NET.",
    breaks="The server restarts, and the first start is slow.",
)
SOURCES = (
    "https://learn.microsoft.com/exchange/plan-and-deploy/supportability-matrix",
    "https://learn.microsoft.com/dotnet/framework/install/how-to-determine-which-versions-are-installed",
    "https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/NETFrameworkSupportabilityCheck/",
)
_KEY = r"HKLM\SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full"
_NET_48, _NET_481 = 528040, 533320
# 2013 CU23, 2016 CU13, 2019 CU2: the first that run with 4.8.
_WITH_48 = ("15.0.1497.2", "15.1.1779.2", "15.2.397.3")
# 2019 CU14; Exchange SE is newer.
_WITH_481 = ("15.2.1544.4",)


def judge(inventory: Inventory) -> Answer:
    """Compare the value Release with what build and Windows ask for."""
    key = inventory.key(_KEY)
    release = None if key is None else key.values.number("Release")
    if release is None:
        return unknown("Not collected: the value Release of .NET.")
    runs_with_48 = reaches(inventory, _WITH_48)
    if runs_with_48 is False:
        return not_applicable("This cumulative update came before .NET 4.8.")
    needed = _needed(inventory)
    if runs_with_48 is None or needed is None:
        return unknown("Which .NET this Exchange and Windows need is not known.")
    said = f".NET's Release is {release}, needed {needed}."
    return passed(said) if release >= needed else failed(said)


def _needed(inventory: Inventory) -> int | None:
    newer = reaches(inventory, _WITH_481)
    system = windows.build(inventory)
    if newer is False:
        return _NET_48
    if newer is None or system is None:
        return None
    return _NET_481 if system >= windows.SERVER_2022 else _NET_48
