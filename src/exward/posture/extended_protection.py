"""How Extended Protection is set on each virtual directory of Exchange, and how it should be.

The expected values are those of Microsoft's page on Extended Protection for Exchange Server
(https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/security-best-practices/exchange-extended-protection)
and of its script ExchangeExtendedProtectionManagement.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from exward.posture.iis import BACK, FRONT, applications, ending, host_elements, location
from exward.posture.inventory import Inventory

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

_ALWAYS = ("ecp", "ews", "owa")
"""Directories that both sites of every server have."""


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
    return inventory.once(_locations)


def _locations(inventory: Inventory) -> tuple[Location, ...]:
    elements = host_elements(inventory)
    there = applications(inventory)
    values = {
        location(row): value
        for row in ending(elements, _ELEMENT)
        if (value := row.text("tokenChecking")) is not None
    }
    return tuple(
        Location(path, values.get(path, NONE), expected)
        for path, expected in EXPECTED.items()
        if path in there or path in values
    )


def missing(judged: Iterable[Location]) -> tuple[str, ...]:
    """What every server has in a site that was read, and what is not there: the file is cut off.

    Exchange 2013 may have one site only.
    """
    paths = {one.path for one in judged}
    sites = {path.partition("/")[0] for path in paths}
    always = (f"{site}/{name}" for site in (FRONT, BACK) if site in sites for name in _ALWAYS)
    return tuple(path for path in always if path not in paths)


def suppressed(inventory: Inventory) -> bool | None:
    """Whether the registry turns Extended Protection off for the machine; None: not known."""
    key = inventory.key(_LSA)
    if key is None:
        return None
    return bool(key.values.number("SuppressExtendedProtection"))
