"""Which Windows a server runs.

Builds of Windows Server: https://learn.microsoft.com/windows-server/get-started/windows-server-release-info
"""

from __future__ import annotations

from exward.posture.inventory import Inventory

SERVER_2008_R2 = 7601
SERVER_2012 = 9200
SERVER_2012_R2 = 9600
SERVER_2016 = 14393
SERVER_2019 = 17763
SERVER_2022 = 20348
SERVER_2025 = 26100

NAMES = {
    SERVER_2008_R2: "Windows Server 2008 R2",
    SERVER_2012: "Windows Server 2012",
    SERVER_2012_R2: "Windows Server 2012 R2",
    SERVER_2016: "Windows Server 2016",
    SERVER_2019: "Windows Server 2019",
    SERVER_2022: "Windows Server 2022",
    SERVER_2025: "Windows Server 2025",
}


def build(inventory: Inventory) -> int | None:
    """The build (17763 is Windows Server 2019); None if it was not collected."""
    host = inventory.row("host")
    return None if host is None else host.number("OsBuild")


def named(number: int) -> str:
    """The name that people know."""
    return NAMES.get(number, f"Windows build {number}")
