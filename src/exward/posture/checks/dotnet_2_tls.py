"""Programs for .NET 2 and 3.5 on the server have settings of their own."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks import dotnet_tls
from exward.posture.checks.interface import Answer
from exward.posture.inventory import Inventory

ID = "dotnet-2-tls"
TITLE = ".NET 2 and 3.5 use Windows' versions of TLS and strong ciphers"
SEVERITY = Severity.LOW
READS = dotnet_tls.READS
GOOD = "SystemDefaultTlsVersions and SchUseStrongCrypto are 1, for 64 and 32 bits"
WHY = "Scripts and agents built for the old .NET otherwise send passwords over TLS 1.0."
FIX = dotnet_tls.fix("v2.0.50727")
SOURCES = dotnet_tls.SOURCES


def judge(inventory: Inventory) -> Answer:
    """Judge the four values."""
    return dotnet_tls.strong(inventory, "v2.0.50727")
