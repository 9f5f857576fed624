"""Exchange's own programs take their version of TLS from these settings of .NET 4."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks import dotnet_tls
from exward.posture.checks.interface import Answer
from exward.posture.inventory import Inventory

ID = "dotnet-4-tls"
TITLE = ".NET 4 uses Windows' versions of TLS and strong ciphers"
SEVERITY = Severity.MEDIUM
READS = dotnet_tls.READS
GOOD = "SystemDefaultTlsVersions and SchUseStrongCrypto are 1, for 64 and 32 bits"
WHY = "Otherwise Exchange's connections use TLS 1.0 and RC4 although Windows has them off."
FIX = dotnet_tls.fix("v4.0.30319")
SOURCES = dotnet_tls.SOURCES


def judge(inventory: Inventory) -> Answer:
    """Judge the four values."""
    return dotnet_tls.strong(inventory, "v4.0.30319")
