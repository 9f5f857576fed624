"""How Extended Protection is set on each virtual directory of Exchange, and how it should be.

The expected values are those of Microsoft's page on Extended Protection for Exchange Server
(https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/security-best-practices/exchange-extended-protection)
and of its script ExchangeExtendedProtectionManagement.
"""

from __future__ import annotations

from dataclasses import dataclass

from exward.posture.inventory import IIS_CONFIG, Inventory
from exward.posture.row import Row

FRONT, BACK = "default web site", "exchange back end"
LEVELS = {"none": 0, "allow": 1, "require": 2}
NONE, ALLOW, REQUIRE = "None", "Allow", "Require"
_ELEMENT = "windowsauthentication/extendedprotection"
_LSA = r"HKLM\SYSTEM\CurrentControlSet\Control\Lsa"

EXPECTED = {
    f"{FRONT}/api": REQUIRE,
    f"{FRONT}/autodiscover": NONE,
    f"{FRONT}/ecp": REQUIRE,
    f"{FRONT}/ews": ALLOW,
    f"{FRONT}/microsoft-server-activesync": ALLOW,
    f"{FRONT}/oab": ALLOW,
    f"{FRONT}/owa": REQUIRE,
    f"{FRONT}/powershell": NONE,
    f"{FRONT}/mapi": REQUIRE,
    f"{FRONT}/rpc": REQUIRE,
    f"{BACK}/api": REQUIRE,
    f"{BACK}/autodiscover": NONE,
    f"{BACK}/ecp": REQUIRE,
    f"{BACK}/ews": REQUIRE,
    f"{BACK}/microsoft-server-activesync": REQUIRE,
    f"{BACK}/microsoft-server-activesync/proxy": REQUIRE,
    f"{BACK}/oab": REQUIRE,
    f"{BACK}/owa": REQUIRE,
    f"{BACK}/powershell": REQUIRE,
    f"{BACK}/mapi/emsmdb": REQUIRE,
    f"{BACK}/mapi/nspi": REQUIRE,
    f"{BACK}/rpc": REQUIRE,
    f"{BACK}/pushnotifications": REQUIRE,
    f"{BACK}/rpcwithcert": REQUIRE,
}


@dataclass(frozen=True, slots=True)
class Location:
    """One virtual directory: `SITE/PATH`, the value set (IIS's default is None) and expected."""

    path: str
    value: str
    expected: str

    @property
    def is_secure(self) -> bool:
        """Whether the value is as high as expected."""
        return LEVELS.get(self.value.lower(), 0) >= LEVELS[self.expected.lower()]


def locations(inventory: Inventory) -> tuple[Location, ...]:
    """Every virtual directory of the table that this server has; empty if nothing tells."""
    elements = [row for row in inventory.rows(IIS_CONFIG) or () if _is_host_file(row)]
    there = _applications(elements)
    values = {
        location.lower(): value
        for row in elements
        if (row.text("Section") or "").lower().endswith(_ELEMENT)
        and (location := row.text("Location")) is not None
        and (value := row.text("tokenChecking")) is not None
    }
    return tuple(
        Location(path, values.get(path, NONE), expected)
        for path, expected in EXPECTED.items()
        if path in there or path in values
    )


def suppressed(inventory: Inventory) -> bool | None:
    """Whether the registry turns Extended Protection off for the machine; None: not known."""
    key = inventory.key(_LSA)
    if key is None:
        return None
    return bool(key.values.number("SuppressExtendedProtection"))


def _is_host_file(row: Row) -> bool:
    return (row.text("File") or "").lower() == "applicationhost.config"


def _applications(elements: list[Row]) -> frozenset[str]:
    """`SITE/PATH` of every application and virtual directory."""
    found = set()
    for row in elements:
        section = row.text("Section") or ""
        if not section.lower().startswith("system.applicationhost/sites/site/application"):
            continue
        names = [part for part in (row.text("Within") or "").split(" > ") if part]
        path = "/".join(part.strip("/") for part in (*names, row.text("path") or "") if part != "/")
        found.add(path.strip("/").lower())
    return frozenset(found)
