"""Exchange's own libraries use these runtimes; old ones have known faults."""

from __future__ import annotations

import re

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, Fix, not_collected
from exward.posture.checks.judging import concluded
from exward.posture.inventory import Inventory
from exward.posture.known import objects
from exward.posture.levels import product
from exward.posture.row import Row

ID = "vc-runtimes"
TITLE = "The Visual C++ runtimes of 2012 and 2013 are the last ones"
SEVERITY = Severity.LOW
READS = ("software", "build")
GOOD = "2012: 11.0.61030 or later; 2013 (Exchange 2016 and newer): 12.0.40664 or later"
WHY = "Older ones have known faults, and some updates of Exchange do not install without them."
FIX = Fix(
    change="vcredist_x64.exe /install /quiet # of 2012 and of 2013, from Microsoft's page",
    preview="Get-Package 'Microsoft Visual C++ 201*'",
    undo="# Control Panel, programs: remove the package.",
)
SOURCES = (
    "https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/VisualCRedistributableVersionCheck/",
    "https://learn.microsoft.com/cpp/windows/latest-supported-vc-redist",
)
_LEAST = {"2012": (11, 0, 61030), "2013": (12, 0, 40664)}
_NAME = re.compile(r"Microsoft Visual C\+\+ (2012|2013)\b.{0,80}", re.IGNORECASE)
_VERSION = re.compile(r"(\d{1,3})\.(\d{1,3})\.(\d{1,6})(?:\.\d{1,6})?")
_ONLY_2012 = "Exchange Server 2013"


def judge(inventory: Inventory) -> Answer:
    """Judge the highest version of each that is installed."""
    software = objects(inventory, READS[0])
    if software is None:
        return not_collected(READS[:1])
    edition = product(inventory)
    weak, unread = [], []
    for year, least in _LEAST.items():
        highest = _highest(software, year)
        needed = ".".join(map(str, least))
        if edition is None and year == "2013":
            unread.append("whether the runtime of 2013 is needed: the build is not known")
        elif edition == _ONLY_2012 and year == "2013":
            continue
        elif highest is None:
            weak.append(f"the runtime of {year} is missing or its version cannot be read")
        elif highest < least:
            weak.append(f"the runtime of {year} is {'.'.join(map(str, highest))}, needed {needed}")
    return concluded(weak, unread, "The runtimes are the last ones.")


def _highest(software: tuple[Row, ...], year: str) -> tuple[int, ...] | None:
    found = []
    for row in software:
        name = _NAME.fullmatch(row.text("Name") or "")
        version = _VERSION.fullmatch(row.text("Version") or "")
        if name is not None and name[1] == year and version is not None:
            found.append(tuple(map(int, version.groups())))
    return max(found, default=None)
