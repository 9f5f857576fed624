"""TLS 1.1 has the weaknesses of 1.0 and no use of its own."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks import tls_protocol
from exward.posture.checks.interface import Answer
from exward.posture.inventory import Inventory

ID = "tls-1-1"
TITLE = "TLS 1.1 is off"
SEVERITY = Severity.MEDIUM
READS = tls_protocol.READS
GOOD = "Enabled is 0 and DisabledByDefault is 1 for TLS 1.1, both Client and Server"
WHY = "It is built on SHA-1 and MD5, was withdrawn in 2021, and a downgrade can lead to it."
FIX = tls_protocol.fix("TLS 1.1", 0, "Clients that speak nothing newer.")
SOURCES = (*tls_protocol.SOURCES, "https://www.rfc-editor.org/rfc/rfc8996")


def judge(inventory: Inventory) -> Answer:
    """Judge both sides: Exchange is client and server."""
    return tls_protocol.off(inventory, "TLS 1.1")
