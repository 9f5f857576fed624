"""Whether clients can know the server by its certificate."""

from __future__ import annotations

from exward.model.severity import Severity
from exward.posture.checks.interface import Answer, failed, passed, unknown
from exward.posture.outside.checks import new_certificate
from exward.posture.outside.seen import Certificate, Seen

ID = "outside-certificate-trust"
TITLE = "The certificate is trusted, and for this name"
SEVERITY = Severity.MEDIUM
WHY = "Users who learn to click warnings away give their passwords to whoever sits on the line."
FIX = new_certificate.FIX
SOURCES = new_certificate.SOURCES
_MAX_NAMES = 8


def judge(seen: Seen) -> Answer:
    """Judge by this machine's trusted authorities; reading went on without trust."""
    if seen.tls is None or seen.tls.distrust is None:
        return unknown("Whether the certificate is trusted could not be tried.")
    held = _held(seen.tls.certificate)
    if seen.tls.distrust:
        reason = f"Not trusted here: {seen.tls.distrust.rstrip('.')}; read all the same. {held}"
        return failed(reason)
    names = "" if seen.is_named else " Its names were not compared: an address was asked."
    return passed(f"Trusted here.{names} {held}")


def _held(one: Certificate | None) -> str:
    if one is None:
        return "What stands in it cannot be read."
    rest = len(one.names) - _MAX_NAMES
    more = f" and {rest} more" if rest > 0 else ""
    names = ", ".join(one.names[:_MAX_NAMES]) or "no names"
    issuer = "itself" if one.is_self_issued else one.issuer
    return f"Subject {one.subject}, issued by {issuer}, for {names}{more}; SHA-256 {one.digest}."
