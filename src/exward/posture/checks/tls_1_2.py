"""TLS 1.2 is what Exchange, Microsoft 365 and Extended Protection rely on."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks import tls_protocol
from exward.posture.checks.interface import Answer
from exward.posture.inventory import Inventory

ID = "tls-1-2"
TITLE = "TLS 1.2 is on"
SEVERITY = Severity.HIGH
READS = tls_protocol.READS
GOOD = "Enabled is 1 and DisabledByDefault is 0 for TLS 1.2 (not set: on by Windows' default)"
WHY = "Without it connections fall back to broken versions, or fail."
FIX = tls_protocol.fix("TLS 1.2", 1, "Nothing known on a supported Windows.")
SOURCES = tls_protocol.SOURCES


def judge(inventory: Inventory) -> Answer:
    """Judge both sides: Exchange is client and server."""
    return tls_protocol.on(inventory, "TLS 1.2")
