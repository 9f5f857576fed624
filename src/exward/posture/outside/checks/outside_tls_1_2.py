"""The newest protocol that both sides know, which clients get by default."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks import tls_protocol
from exward.posture.checks.interface import Answer, failed, passed, unknown
from exward.posture.outside.checks import old_tls
from exward.posture.outside.seen import Seen

ID = "outside-tls-1-2"
TITLE = "TLS 1.2 or newer is agreed on"
SEVERITY = Severity.HIGH
WHY = "Nothing older protects passwords and mail on their way."
FIX = tls_protocol.fix("TLS 1.2", 1, "Nothing; if a proxy ends TLS, change it there instead.")
SOURCES = old_tls.SOURCES
_GOOD = frozenset({"TLSv1.2", "TLSv1.3"})


def judge(seen: Seen) -> Answer:
    """Judge what was agreed on when everything was offered."""
    if seen.tls is None:
        return unknown("No connection with TLS was made.")
    said = f"{seen.tls.protocol} with {seen.tls.cipher} is agreed on."
    return passed(said) if seen.tls.protocol in _GOOD else failed(said)
