"""What the checks of single versions of TLS have in common."""

from __future__ import annotations

from exward.posture import windows
from exward.posture.checks.interface import Answer, Fix, failed, passed, unknown
from exward.posture.inventory import Inventory
from exward.posture.schannel import SCHANNEL, SIDES, Side, sides

READS = ("registry", "host")
SOURCES = (
    "https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/security-best-practices/exchange-tls-configuration",
    "https://learn.microsoft.com/windows-server/security/tls/tls-registry-settings",
    "https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/TLSConfigurationCheck/",
)


def off(inventory: Inventory, protocol: str) -> Answer:
    """Pass if both values switch the protocol off on both sides."""
    found = sides(inventory, protocol)
    if found is None:
        return not_read(protocol)
    if all(side.is_off for side in found):
        return passed(f"{protocol} is off for clients and servers.")
    if all(side.is_unset for side in found) and _may_be_off(inventory):
        return unknown(f"{protocol} is not set, and this Windows may have it off by default.")
    return failed(_values(protocol, found))


def on(inventory: Inventory, protocol: str) -> Answer:
    """Pass if neither side switches the protocol off; what is not set is on."""
    found = sides(inventory, protocol)
    if found is None:
        return not_read(protocol)
    if all(side.is_on for side in found):
        return passed(f"{protocol} is on for clients and servers.")
    return failed(_values(protocol, found))


def not_read(protocol: str) -> Answer:
    """The usual `unknown`."""
    return unknown(f"Not collected: the keys of {protocol} below SCHANNEL\\Protocols.")


def fix(protocol: str, enabled: int, breaks: str) -> Fix:
    """Set both values on both sides; they count after a restart."""
    hive = SCHANNEL.replace("HKLM\\", "HKLM:\\")
    key = f"{hive}\\Protocols\\{protocol}"
    each = f"foreach ($side in '{SIDES[0]}', '{SIDES[1]}') {{ "
    return Fix(
        change=(
            f'{each}$key = "{key}\\$side"; New-Item $key -Force | Out-Null; '
            f"Set-ItemProperty $key Enabled {enabled} -Type DWord; "
            f"Set-ItemProperty $key DisabledByDefault {1 - enabled} -Type DWord }}; "
            "Restart-Computer -Confirm"
        ),
        preview=f"Get-ChildItem '{key}' | Get-ItemProperty | fl PSChildName, Enabled, Disabled*",
        undo=(
            f'{each}Set-ItemProperty "{key}\\$side" Enabled {1 - enabled} -Type DWord; '
            f'Set-ItemProperty "{key}\\$side" DisabledByDefault {enabled} -Type DWord }}'
        ),
        breaks=breaks,
    )


def _may_be_off(inventory: Inventory) -> bool:
    """Windows Server 2025 is the first whose default is said to be off."""
    return (windows.build(inventory) or 0) >= windows.SERVER_2025


def _values(protocol: str, found: tuple[Side, ...]) -> str:
    return f"{protocol} is set so: {'; '.join(map(str, found))}."
