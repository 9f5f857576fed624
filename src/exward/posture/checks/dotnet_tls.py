"""What the checks of .NET's TLS settings have in common."""

from __future__ import annotations

from exward.posture.checks.interface import Answer, Fix, failed, passed, unknown
from exward.posture.inventory import Inventory

READS = ("registry",)
SOURCES = (
    "https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/security-best-practices/exchange-tls-configuration",
    "https://learn.microsoft.com/dotnet/framework/network-programming/tls",
    "https://microsoft.github.io/CSS-Exchange/Diagnostics/HealthChecker/TLSConfigurationCheck/",
)
_VALUES = ("SystemDefaultTlsVersions", "SchUseStrongCrypto")
_HIVES = (r"SOFTWARE\Microsoft\.NETFramework", r"SOFTWARE\Wow6432Node\Microsoft\.NETFramework")


def strong(inventory: Inventory, version: str) -> Answer:
    """Pass if both values are 1 for 64 and 32 bits; a value that is not set counts as 0."""
    weak, unread = [], []
    for hive in _HIVES:
        key = inventory.key(rf"HKLM\{hive}\{version}")
        for name in _VALUES:
            value = None if key is None else key.values.number(name)
            if key is None or (value is None and key.values.raw(name) is not None):
                unread.append(rf"{hive}\{version}\{name}")
            elif value != 1:
                weak.append(rf"{hive}\{version}\{name}")
    if weak:
        return failed(f"Not 1: {', '.join(weak)}.")
    if unread:
        return unknown(f"Not collected: {', '.join(unread)}.")
    return passed(f".NET {version} uses Windows' versions of TLS and strong ciphers.")


def fix(version: str) -> Fix:
    """Set both values in both hives."""
    keys = ", ".join(rf"'HKLM:\{hive}\{version}'" for hive in _HIVES)
    return Fix(
        change=(
            f"{keys} | % {{ New-Item $_ -Force -ErrorAction SilentlyContinue | Out-Null; "
            + "; ".join(f"Set-ItemProperty $_ {name} 1 -Type DWord" for name in _VALUES)
            + " }; Restart-Computer -Confirm"
        ),
        preview=f"{keys} | Get-ItemProperty | fl PSPath, {', '.join(_VALUES)}",
        undo=f"{keys} | Remove-ItemProperty -Name {', '.join(_VALUES)}",
        breaks="Programs on the server that need TLS 1.0.",
    )
