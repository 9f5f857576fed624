"""When the certificate ends."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, failed, passed, unknown
from exward.posture.outside.checks import new_certificate
from exward.posture.outside.seen import Seen

ID = "outside-certificate-ends"
TITLE = "The certificate is valid for 30 more days"
SEVERITY = Severity.HIGH
WHY = "From its last day on no client connects, or users learn to click warnings away."
FIX = new_certificate.FIX
SOURCES = new_certificate.SOURCES
SOON_DAYS, NOW_DAYS = 30, 7


def judge(seen: Seen) -> Answer:
    """Count whole days, UTC."""
    held = None if seen.tls is None else seen.tls.certificate
    if held is None:
        return unknown("The certificate was not read.")
    begins, ends = held.begins.date(), held.ends.date()
    if ends < seen.day:
        return failed(f"It ended on {ends}.")
    if begins > seen.day:
        return failed(f"It begins on {begins} only.")
    left = (ends - seen.day).days
    said = f"It ends on {ends}, in {left:,} days."
    if left > SOON_DAYS:
        return passed(said)
    return failed(said, Severity.MEDIUM if left <= NOW_DAYS else Severity.LOW)
