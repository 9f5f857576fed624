"""TLS 1.0 and its ciphers are broken, and downgrades lead to it."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks import tls_protocol
from exward.posture.checks.interface import Answer
from exward.posture.inventory import Inventory

ID = "tls-1-0"
TITLE = "TLS 1.0 is off"
SEVERITY = Severity.MEDIUM
READS = tls_protocol.READS
GOOD = "Enabled is 0 and DisabledByDefault is 1 for TLS 1.0, both Client and Server"
WHY = "Whoever sits on the line can force the oldest common version, whose ciphers are broken."
FIX = tls_protocol.fix("TLS 1.0", 0, "Old clients, printers and domain controllers without 1.2.")
SOURCES = tls_protocol.SOURCES


def judge(inventory: Inventory) -> Answer:
    """Judge both sides: Exchange is client and server."""
    return tls_protocol.off(inventory, "TLS 1.0")
