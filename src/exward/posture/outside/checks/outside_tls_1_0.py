"""TLS 1.0 is agreed on with whoever asks for it, or not."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks import tls_protocol
from exward.posture.checks.interface import Answer
from exward.posture.outside.checks import old_tls
from exward.posture.outside.seen import Seen

ID = "outside-tls-1-0"
TITLE = "TLS 1.0 is refused"
SEVERITY = Severity.MEDIUM
WHY = "Whoever sits on the line can force the oldest common version, whose ciphers are broken."
FIX = tls_protocol.fix("TLS 1.0", 0, old_tls.BREAKS)
SOURCES = old_tls.SOURCES


def judge(seen: Seen) -> Answer:
    """Fail if the server agreed to it."""
    return old_tls.refused(seen, "TLS 1.0")
