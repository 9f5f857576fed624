r"""How Windows is told which versions of TLS to speak, as a server and as a client.

`HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.x\{Client,Server}`
with the values `Enabled` and `DisabledByDefault`
(https://learn.microsoft.com/windows-server/security/tls/tls-registry-settings). A value that does
not exist leaves it to Windows, whose default is on for TLS 1.0 to 1.2.
"""

from __future__ import annotations

from typing import NamedTuple

from exward.posture.inventory import Inventory, Key

SCHANNEL = r"HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL"
PROTOCOLS = ("TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3")
SIDES = ("Client", "Server")


class Side(NamedTuple):
    """One protocol on one side: the two values as numbers, None where nothing is set."""

    name: str
    enabled: int | None
    disabled_by_default: int | None

    @property
    def is_off(self) -> bool:
        """Whether both values switch it off."""
        return self.enabled == 0 and self.disabled_by_default == 1

    @property
    def is_unset(self) -> bool:
        """Whether it is left to Windows."""
        return self.enabled is None and self.disabled_by_default is None

    @property
    def is_on(self) -> bool:
        """Whether it can be used; what is not set is on."""
        return self.enabled != 0 and self.disabled_by_default in {0, None}

    def __str__(self) -> str:
        return f"{self.name}: Enabled {_said(self.enabled)}, DisabledByDefault " + _said(
            self.disabled_by_default
        )


def sides(inventory: Inventory, protocol: str) -> tuple[Side, ...] | None:
    """Client and server of a protocol; None if a side was not collected or has no number."""
    found = [_side(inventory, protocol, name) for name in SIDES]
    known = tuple(side for side in found if side is not None)
    return known if len(known) == len(SIDES) else None


def _side(inventory: Inventory, protocol: str, name: str) -> Side | None:
    key = inventory.key(rf"{SCHANNEL}\Protocols\{protocol}\{name}")
    if key is None or not (_is_readable(key, "Enabled") and _is_readable(key, "DisabledByDefault")):
        return None
    values = key.values
    return Side(name, values.number("Enabled"), values.number("DisabledByDefault"))


def _is_readable(key: Key, name: str) -> bool:
    return key.values.raw(name) is None or key.values.number(name) is not None


def _said(value: int | None) -> str:
    return "not set" if value is None else str(value)
