"""What the checks of single old protocols have in common."""

from __future__ import annotations

from exward.posture.checks import tls_protocol
from exward.posture.checks.interface import Answer, failed, passed, unknown
from exward.posture.outside.seen import Seen

SOURCES = ("https://www.rfc-editor.org/rfc/rfc8996", *tls_protocol.SOURCES)
BREAKS = "Clients without TLS 1.2. If a proxy ends TLS, change it there instead."


def refused(seen: Seen, protocol: str) -> Answer:
    """Pass if the server refused it; what this machine cannot offer is not known."""
    agreed = None if seen.tls is None else seen.tls.accepts.get(protocol)
    if agreed is None:
        return unknown(f"{protocol} could not be tried from this machine.")
    if agreed:
        return failed(f"{protocol} was agreed on when nothing newer was offered.")
    return passed(f"{protocol} is refused.")
